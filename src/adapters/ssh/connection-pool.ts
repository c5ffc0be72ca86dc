import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../domain/log.ts';
import type { ServerProfile, SshHost } from '../../domain/server.ts';
import type { ClockReading } from '../../domain/server-clock.ts';
import { type Connection, type ConnectOptions, connect, NoRoom, NoSftp } from './connection.ts';
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

/** What a pool is made of. */
export interface PoolOptions {
  readonly log: Log;
  /** The clock that servers' clocks are compared with. */
  readonly clock: Clock;
  /** Called with the offset of a server's clock, at every connection. */
  readonly onClock: (server: string, reading: ClockReading) => void;
}

/** One connection for each server and key, shared by all who need it and closed when nobody did for a while. */
export class ConnectionPool {
  readonly #options: PoolOptions;
  /** Hosts that take no second session on a connection: what reads there has connections of its own. */
  readonly #narrow = new Set<string>();
  readonly #withoutSftp = new Set<string>();
  readonly #entries = new Map<string, Entry>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
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
    const way = JSON.stringify([pickHost(target), server.jump.map(pickHost)]);
    const key = this.#keyOf(way, server, purpose);
    const isReused = this.#entries.has(key);
    const hasSftp = !this.#withoutSftp.has(way);
    const entry = this.#take(key, target, { jump: server.jump, hasSftp });
    let connection: Connection | null = null;
    try {
      connection = await entry.connection;
      return await task(connection);
    } catch (error) {
      if (error instanceof NoRoom && key === way) {
        this.#narrow.add(way);
        return await this.use(server, purpose, task);
      }
      if (error instanceof NoSftp) {
        this.#withoutSftp.add(way);
        this.#drop(key, entry);
        return await this.use(server, purpose, task);
      }
      const isBroken = connection === null || connection.lost;
      if (isBroken) this.#drop(key, entry);
      if (isBroken && isReused && isUnreachable(error)) return await this.use(server, purpose, task);
      throw error;
    } finally {
      entry.users--;
      if (connection && entry.users === 0) this.#rest(key, entry, connection);
    }
  }

  #keyOf(way: string, { running }: ServerProfile, purpose: Purpose): string {
    if (purpose === 'run') return running.runFolder === null ? way : `${way} runs in ${running.runFolder}`;
    return this.#narrow.has(way) ? `${way} ${purpose}` : way;
  }

  /** As `use`, with the shell by which commands are run. */
  useRunner<T>(server: ServerProfile, task: (shell: RunnerShell) => Promise<T>): Promise<T> {
    return this.use(server, 'run', async (connection) =>
      task(await connection.runnerShell(server.running.runFolder)),
    );
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

  #take(key: string, server: SshHost, options: Omit<ConnectOptions, 'clock'>): Entry {
    if (this.#closed) throw unreachable(server, 'the bot is stopping');
    let entry = this.#entries.get(key);
    if (!entry) {
      this.#options.log.debug({ server: server.name }, 'connecting to server');
      entry = { connection: this.#connect(server, options), users: 0, idleTimer: null };
      this.#entries.set(key, entry);
    }
    entry.users++;
    if (entry.idleTimer) clearTimeout(entry.idleTimer);
    return entry;
  }

  async #connect(server: SshHost, options: Omit<ConnectOptions, 'clock'>): Promise<Connection> {
    const { clock, onClock } = this.#options;
    const connection = await connect(server, { ...options, clock });
    const { clock: reading } = connection.firstWords;
    if (reading) onClock(server.name, reading);
    return connection;
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
