import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createLink } from '../../src/chaos/link.ts';

const loopback = '127.0.0.1';

/** A server that sends back what it gets, behind a link. */
async function startEcho() {
  const received: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('data', (chunk) => received.push(chunk.toString()));
    socket.pipe(socket);
  });
  server.listen(0, loopback);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const link = await createLink(loopback, { host: loopback, port: address.port });
  onTestFinished(async () => {
    await link.close();
    server.close();
  });
  return { link, received };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, loopback);
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}

it('a connection that fell silent carries nothing and stays open, and a new one works', async () => {
  const { link, received } = await startEcho();
  const old = await open(link.port);
  expect(await ask(old, 'one')).toBe('one');
  link.silenceExisting();
  old.write('two');
  expect(await ask(await open(link.port), 'three')).toBe('three');
  expect(received).toEqual(['one', 'three']);
  expect(old.destroyed).toBe(false);
});

it('a link that refuses resets connections and tells when, and works again once it is open', async () => {
  const { link } = await startEcho();
  const old = await open(link.port);
  old.on('error', () => {});
  link.turn('refuse');
  await once(old, 'close');
  const before = performance.now();
  connect(link.port, loopback).on('error', () => {});
  expect(await link.refused).toBeGreaterThanOrEqual(before);
  link.turn('open');
  expect(await ask(await open(link.port), 'again')).toBe('again');
});
