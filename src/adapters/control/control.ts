import { chmod, mkdir, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { RestageError } from '../../domain/errors.ts';

export interface ControlRequest {
  readonly operation: string;
  readonly input: unknown;
}

type ControlReply = { readonly output: unknown } | { readonly error: string };

/**
 * Lets the command line ask a running bot: one JSON line each way, over a Unix socket that only the bot's own
 * user can open. Call it only while the data folder is locked: it replaces a socket that a dead bot left.
 */
export async function startControl(
  socketPath: string,
  answer: (request: ControlRequest) => Promise<unknown>,
): Promise<{ stop(): Promise<void> }> {
  await mkdir(path.dirname(socketPath), { recursive: true, mode: 0o700 });
  await rm(socketPath, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    createInterface({ input: socket }).on('line', (line) => {
      void reply(line, answer).then((text) => socket.end(`${text}\n`));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

async function reply(line: string, answer: (request: ControlRequest) => Promise<unknown>): Promise<string> {
  let result: ControlReply;
  try {
    result = { output: await answer(JSON.parse(line) as ControlRequest) };
  } catch (error) {
    result = { error: error instanceof Error ? error.message : String(error) };
  }
  return JSON.stringify(result);
}

/**
 * Asks a running bot.
 * @throws RestageError `not-running` when no bot answers on the socket.
 */
export async function askControl(socketPath: string, request: ControlRequest): Promise<unknown> {
  const socket = connect(socketPath);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (cause) => {
      reject(new RestageError('not-running', `No bot answers on ${socketPath}.`, { cause }));
    });
  });
  socket.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: socket })) {
    socket.destroy();
    const result = JSON.parse(line) as ControlReply;
    if ('error' in result) throw new Error(result.error);
    return result.output;
  }
  throw new Error('The bot went away before it answered.');
}
