// Stands in for the program that reads suspect mail: a mail says itself what becomes of its reader.
let isReady = false;
process.on('message', (message) => {
  if (!isReady) {
    isReady = true;
    process.send('ready');
    return;
  }
  const text = Buffer.from(message.raw.source).toString();
  if (text === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (text === 'exit') process.exit(3);
  else if (text === 'memory') hoard();
  else if (text === 'hang') for (;;);
  else process.send({ text, kind: message.kind, environment: Object.keys(process.env) });
});
process.on('disconnect', () => process.exit());

function hoard() {
  const held = [];
  for (;;) held.push(Array.from({ length: 100_000 }, () => ({})));
}
