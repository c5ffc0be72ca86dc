import type { Log } from '../../domain/log.ts';
import type { ServerProfile, SshHost } from '../../domain/server.ts';
import { type Connection, connect } from './connection.ts';
import { isUnreachable, unreachable } from './failures.ts';
import type { RunnerShell } from './runner-shell.ts';

interface Entry {
  readonly connection: Promise<Connection>;
  users: number;
  idleTimer: NodeJS.Timeout | null;
}

const idleCloseMs = 30_000;

/** What a connection is for: reading logs and running commands may have keys of their own. */
type Purpose = 'read' | 'run';

/** One connection for each server and key, shared by all who need it and closed when nobody did for a while. */
export class ConnectionPool {
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();
  #closed = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Does the task with a connection. One that was open before may turn out to be dead: then the task is done once more
   * with a new one, so a task must bear being done twice.
   */
  async use<T>(
    server: ServerProfile,
    purpose: Purpose,
    task: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const target = purpose === 'run' ? forRunning(server) : server;
    const key = JSON.stringify([pickHost(target), server.jump.map(pickHost)]);
    const isReused = this.#entries.has(key);
    const entry = this.#take(key, target, server.jump);
    let connection: Connection | null = null;
    try {
      connection = await entry.connection;
      return await task(connection);
    } catch (error) {
      const isBroken = connection === null || connection.lost;
      if (isBroken) this.#drop(key, entry);
      if (isBroken && isReused && isUnreachable(error)) return await this.use(server, purpose, task);
      throw error;
    } finally {
      entry.users--;
      if (connection && entry.users === 0) this.#rest(key, entry, connection);
    }
  }

  /** As `use`, with the shell by which commands are run. */
  useRunner<T>(server: ServerProfile, task: (shell: RunnerShell) => Promise<T>): Promise<T> {
    return this.use(server, 'run', async (connection) => task(await connection.runnerShell()));
  }

  close(): void {
    this.#closed = true;
    for (const [key, entry] of this.#entries) {
      if (entry.idleTimer) clearTimeout(entry.idleTimer);
      this.#drop(key, entry);
      entry.connection.then(
        (connection) => connection.close(),
        () => undefined,
      );
    }
  }

  #take(key: string, server: SshHost, jump: readonly SshHost[]): Entry {
    if (this.#closed) throw unreachable(server, 'the bot is stopping');
    let entry = this.#entries.get(key);
    if (!entry) {
      this.#log.debug({ server: server.name }, 'connecting to server');
      entry = { connection: connect(server, jump), users: 0, idleTimer: null };
      this.#entries.set(key, entry);
    }
    entry.users++;
    if (entry.idleTimer) clearTimeout(entry.idleTimer);
    return entry;
  }

  /** Nobody uses the connection: it is kept for a while, unless it is broken or has been replaced. */
  #rest(key: string, entry: Entry, connection: Connection): void {
    const close = () => {
      this.#drop(key, entry);
      connection.close();
    };
    if (connection.lost || this.#entries.get(key) !== entry) {
      close();
      return;
    }
    entry.idleTimer = setTimeout(close, idleCloseMs);
    entry.idleTimer.unref();
  }

  #drop(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}

function forRunning(server: ServerProfile): SshHost {
  return { ...server, privateKeyFile: server.runKeyFile ?? server.privateKeyFile };
}

/** All that makes a connection another one. */
function pickHost({ host, port, user, privateKeyFile, agentSocket, hostKey, knownHostsFile }: SshHost) {
  return [host, port, user, privateKeyFile, agentSocket, hostKey, knownHostsFile];
}
