import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ssh2';
import { RestageError } from '../../domain/errors.ts';
import type { SshHost } from '../../domain/server.ts';
import { unreachable } from './failures.ts';

/** sshd counts a session for a moment after its channel is closed, so that one more may be refused. */
const refusedDelaysMs = [20, 50, 100, 200, 400];

type Callback<T> = (error: Error | undefined, value?: T) => void;

/** The channels of a connection that end by themselves: what the server refuses (MaxSessions) waits for one of them. */
export class ChannelTurns {
  #open = 0;
  #waiting: (() => void)[] = [];

  enter(): void {
    this.#open += 1;
  }

  leave(): void {
    this.#open -= 1;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Resolves when the next one ends; `null` if none is open. */
  next(): Promise<void> | null {
    return this.#open === 0 ? null : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/**
 * Opens a channel, and enters it into the turns, which whoever opened it leaves. A broken connection may answer never, or by
 * an exception.
 */
export async function openChannel<T>(
  client: Client,
  server: SshHost,
  ask: (callback: Callback<T>) => void,
  turns: ChannelTurns = new ChannelTurns(),
): Promise<T> {
  let refusals = 0;
  for (;;) {
    const answer = await untilLost(client, server, askOnce(server, ask));
    if (!(answer instanceof Error)) {
      turns.enter();
      return answer;
    }
    // Nothing ran in a channel that was not opened.
    const turn = turns.next();
    refusals = turn ? 0 : refusals + 1;
    const delayMs = refusedDelaysMs[refusals - 1] ?? null;
    if (!turn && delayMs === null) throw refusedChannel(server, answer);
    await untilLost(client, server, turn ?? sleep(delayMs ?? 0));
  }
}

/** Returns whether the server had no room for another channel. */
export function isFull(error: unknown): boolean {
  return error instanceof RestageError && error.cause instanceof Error && 'reason' in error.cause;
}

/** Resolves with the error when the server did not open the channel. */
function askOnce<T>(server: SshHost, ask: (callback: Callback<T>) => void): Promise<T | Error> {
  return new Promise((resolve, reject) => {
    try {
      ask((error, value) => {
        if (!error) resolve(value as T);
        else if ('reason' in error) resolve(error);
        else reject(refusedChannel(server, error));
      });
    } catch (cause) {
      reject(unreachable(server, 'the connection broke', { cause }));
    }
  });
}

/** The task, or `server-unreachable` as soon as the connection is lost: what waits on it then is never answered. */
export async function untilLost<T>(client: Client, server: SshHost, task: Promise<T>): Promise<T> {
  let onClose!: () => void;
  const broken = new Promise<never>((_resolve, reject) => {
    onClose = () => reject(unreachable(server, 'the connection broke'));
  });
  client.once('close', onClose);
  try {
    return await Promise.race([task, broken]);
  } finally {
    client.removeListener('close', onClose);
  }
}

function refusedChannel(server: SshHost, cause: Error): RestageError {
  const message = `${server.name} opened no session: ${cause.message}. Check MaxSessions, ForceCommand and the sftp subsystem in its sshd_config.`;
  return new RestageError('server-refused', message, { cause });
}
