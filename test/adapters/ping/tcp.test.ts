import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askPort } from '../../../src/adapters/ping/tcp.ts';

const server = createServer((socket) => socket.end());
const never = new AbortController().signal;
let port: number;

beforeEach(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.close();
});

it('A11: an open port is open', async () => {
  expect(await askPort('127.0.0.1', port, 1000, never)).toMatchObject({ port, result: 'open' });
});

it('A11: a port on which nothing listens is refused: its host is alive', async () => {
  await new Promise((resolve) => {
    server.close(resolve);
  });
  expect(await askPort('127.0.0.1', port, 1000, never)).toMatchObject({ port, result: 'refused' });
});
