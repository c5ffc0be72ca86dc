import { connect as connectTo, type Socket } from 'node:net';

/** Where the server listens, as postgres.js reads it from the URL. */
export interface Address {
  readonly host: readonly string[];
  readonly port: readonly number[];
  /** A Unix domain socket, instead; false: none. */
  readonly path?: string | false;
}

/** Half-open connections are noticed by the operating system too. */
const keepAliveAfterMs = 5_000;

/**
 * Connects to the first of the hosts that can be reached. Aborting ends the attempt.
 * @throws the operating system's error for the last host.
 */
export async function connect({ host, port, path }: Address, signal: AbortSignal): Promise<Socket> {
  if (path) return open({ path }, signal);
  let failure: unknown = new Error('the URL of the database names no host');
  for (const [index, name] of host.entries()) {
    try {
      const socket = await open({ host: name, port: port[index] ?? 5432 }, signal);
      // TLS verifies the certificate against it.
      return Object.assign(socket, { host: name });
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

type Target = { readonly path: string } | { readonly host: string; readonly port: number };

function open(target: Target, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveAfterMs };
    const socket = connectTo({ ...target, ...options });
    const abort = () => socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
