import { createServer } from 'node:net';
import { forward } from './link.ts';

/**
 * A program that runs on a bot's machine and gives it servers on its own loopback: each argument is
 * `PORT=HOST:PORT`. The simulated workspace answers to the loopback address only.
 */
const listening = process.argv.slice(2).map((route) => {
  const [port, host = '', hostPort] = route.split(/[=:]/);
  const target = { host, port: Number(hostPort) };
  const server = createServer((near) => {
    near.on('error', () => {});
    forward(
      near,
      target,
      () => false,
      () => {},
    );
  });
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(Number(port), '127.0.0.1', resolve);
  });
});
await Promise.all(listening);
process.stdout.write('ready\n');
// It ends with whoever started it.
process.stdin.resume().once('close', () => process.exit(0));
