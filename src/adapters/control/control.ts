import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type ErrorCode, RestageError } from '../../domain/errors.ts';

export interface ControlRequest {
  readonly operation: string;
  readonly input: unknown;
}

type ControlReply =
  | { readonly output: unknown }
  | { readonly error: string; readonly code: ErrorCode | null };

/**
 * Lets the command line ask a running bot: one JSON line each way, over a Unix socket that only the bot's own
 * user can open. A socket that a dead bot left is replaced; nothing else is.
 * @throws RestageError `config-invalid` when another bot answers there, or something that is no socket is there.
 */
export async function startControl(
  socketPath: string,
  answer: (request: ControlRequest) => Promise<unknown>,
): Promise<{ stop(): Promise<void> }> {
  await mkdir(path.dirname(socketPath), { recursive: true, mode: 0o700 });
  await removeDead(socketPath);
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

async function removeDead(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(() => null);
  if (found === null) return;
  const remedy = 'Stop that one, or give this bot another control.socket or database.dataDir.';
  if (!found.isSocket())
    throw new RestageError(
      'config-invalid',
      `control.socket: ${socketPath} is there, and is no socket. Name another path.`,
    );
  if (await isAnswered(socketPath))
    throw new RestageError(
      'config-invalid',
      `control.socket: another bot answers on ${socketPath}. ${remedy}`,
    );
  await rm(socketPath, { force: true });
}

function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}

async function reply(line: string, answer: (request: ControlRequest) => Promise<unknown>): Promise<string> {
  let result: ControlReply;
  try {
    result = { output: await answer(JSON.parse(line) as ControlRequest) };
  } catch (error) {
    const code = error instanceof RestageError ? error.code : null;
    result = { error: error instanceof Error ? error.message : String(error), code };
  }
  return JSON.stringify(result);
}

/**
 * Asks a running bot.
 * @throws RestageError `not-running` when no bot answers on the socket, or the bot's own.
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
    if ('error' in result)
      throw result.code === null ? new Error(result.error) : new RestageError(result.code, result.error);
    return result.output;
  }
  throw new Error('The bot went away before it answered.');
}
