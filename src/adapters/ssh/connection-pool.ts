import type { Log } from '../../domain/log.ts';
import type { ServerProfile } from '../../domain/server.ts';
import { type Connection, connect } from './connection.ts';
import { isUnreachable, unreachable } from './failures.ts';

interface Entry {
  readonly connection: Promise<Connection>;
  users: number;
  idleTimer: NodeJS.Timeout | null;
}

const idleCloseMs = 30_000;

/** One connection for each server, shared by all who need it and closed when nobody did for a while. */
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
  async use<T>(server: ServerProfile, task: (connection: Connection) => Promise<T>): Promise<T> {
    const key = keyOf(server);
    const isReused = this.#entries.has(key);
    const entry = this.#take(key, server);
    let connection: Connection | null = null;
    try {
      connection = await entry.connection;
      return await task(connection);
    } catch (error) {
      const isBroken = connection === null || connection.lost;
      if (isBroken) this.#drop(key, entry);
      if (isBroken && isReused && isUnreachable(error)) return await this.use(server, task);
      throw error;
    } finally {
      entry.users--;
      if (connection && entry.users === 0) this.#rest(key, entry, connection);
    }
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

  #take(key: string, server: ServerProfile): Entry {
    if (this.#closed) throw unreachable(server, 'the bot is stopping');
    let entry = this.#entries.get(key);
    if (!entry) {
      this.#log.debug({ server: server.name }, 'connecting to server');
      entry = { connection: connect(server), users: 0, idleTimer: null };
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

function keyOf({ host, port, user, privateKeyFile, hostKey, knownHostsFile }: ServerProfile): string {
  return JSON.stringify([host, port, user, privateKeyFile, hostKey, knownHostsFile]);
}
