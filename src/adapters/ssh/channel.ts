import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ssh2';
import { RestageError } from '../../domain/errors.ts';
import type { SshHost } from '../../domain/server.ts';
import { unreachable } from './failures.ts';

/** sshd counts a session for a moment after its channel is closed, so that one more may be refused. */
const refusedDelaysMs = [20, 50, 100, 200, 400];

type Callback<T> = (error: Error | undefined, value?: T) => void;

/** Opens a channel. A broken connection may answer never, or by an exception. */
export async function openChannel<T>(
  client: Client,
  server: SshHost,
  ask: (callback: Callback<T>) => void,
): Promise<T> {
  for (const delayMs of refusedDelaysMs) {
    const answer = await untilLost(client, server, askOnce(server, ask));
    if (!(answer instanceof Error)) return answer;
    // Nothing ran in a channel that was not opened.
    await sleep(delayMs);
  }
  const last = await untilLost(client, server, askOnce(server, ask));
  if (last instanceof Error) throw refusedChannel(server, last);
  return last;
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
