import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createMachine } from '../../src/chaos/machine.ts';

const port = 8080;
const listen = `require('node:net').createServer((s) => s.end('here')).listen(${port}, () => console.log('up'))`;

/** A machine with a server on it. */
async function startMachine() {
  const machine = await createMachine();
  const [command = '', ...args] = machine.enter;
  const server = spawn(command, [...args, process.execPath, '-e', listen], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await machine.remove();
  });
  await once(server.stdout, 'data');
  return machine;
}

it('what is sent to a machine whose cable is pulled gets lost without a word, and nowhere else', async () => {
  const machine = await startMachine();
  await machine.cut();
  const socket = connect(port, machine.address);
  const answered = once(socket, 'data').then(([data]) => String(data));
  expect(await Promise.race([answered, sleep(500, 'nothing')])).toBe('nothing');
  const route = execFileSync('/usr/sbin/ip', ['route', 'get', machine.address], { encoding: 'utf8' });
  expect(route).toContain(' dev rst');
  await machine.mend();
  // The system sends again what was lost.
  expect(await answered).toBe('here');
});
