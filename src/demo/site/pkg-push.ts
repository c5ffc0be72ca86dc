// The demo site's own distribution command: pushes one package to each client, and says what became of it.
// Usage: pkg-push --package NAME [--replace=CLIENT] CLIENT…
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const port = Number(process.env['SITE_CLIENTS_PORT']);
const { name, clients } = readArguments(process.argv.slice(2));
const content = readFileSync(name);
let failed = 0;
for (const client of clients) {
  try {
    await push(client);
    process.stdout.write(`${client}: delivered\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`${client}: failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;

function readArguments(argv: readonly string[]): { name: string; clients: string[] } {
  const at = argv.indexOf('--package');
  const file = argv[at + 1];
  if (at < 0 || file === undefined) throw new Error('pkg-push: --package NAME is missing');
  return { name: file, clients: argv.filter((word, index) => index > at + 1 && !word.startsWith('--')) };
}

function push(client: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('connect', () => {
      socket.write(`PUT ${client} ${name} ${content.length}\n`);
      socket.write(content);
    });
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    socket.on('error', () => reject(new Error('connection refused, no route to the client')));
    socket.on('close', () =>
      answer === 'OK\n' ? resolve() : reject(new Error('connection closed before the client confirmed')),
    );
  });
}
