import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../domain/log.ts';
import { waitAfter } from './backoff.ts';
import { toJoinError } from './failures.ts';
import type { Reach } from './reach.ts';
import type { Socket } from './socket.ts';

/** A socket that lived shorter counts as a failure, so that a quarrel with Slack does not become a storm. */
const steadyAfterMs = 30_000;
/** How long acknowledgements may still go out on a socket that has been replaced: Slack waits no longer. */
const ackWindowMs = 3000;
/** Slack allows an app ten sockets. */
const mostSockets = 10;

export interface SlotHealth {
  readonly isOpen: boolean;
  readonly counted: number | null;
  /** Why it could not be opened, or was lost; null while it is open. */
  readonly trouble: string | null;
}

/** Keeps one socket open: replaces it when it ends, for as long as it takes, and never rejects. */
export class Slot {
  /** Resolves when the first socket is open, or with why the first try failed. */
  readonly first: Promise<Error | null>;
  readonly #open: () => Promise<Socket>;
  readonly #log: Log;
  readonly #reach: Reach;
  readonly #stopping = new AbortController();
  readonly #sockets = new Set<Socket>();
  readonly #tellFirst: (failure: Error | null) => void;
  #health: SlotHealth = { isOpen: false, counted: null, trouble: 'not connected yet' };
  #keeping: Promise<void> = Promise.resolve();

  constructor(open: () => Promise<Socket>, log: Log, reach: Reach) {
    this.#open = open;
    this.#log = log;
    this.#reach = reach;
    let tell: (failure: Error | null) => void = () => {};
    this.first = new Promise((resolve) => {
      tell = resolve;
    });
    this.#tellFirst = tell;
  }

  get health(): SlotHealth {
    return this.#health;
  }

  start(): void {
    this.#keeping = this.#keep();
  }

  /** Closes what is open and opens nothing more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#keeping;
    await Promise.all([...this.#sockets].map((socket) => this.#close(socket)));
  }

  async #keep(): Promise<void> {
    let socket = await this.#openAnother(0);
    let youngDeaths = 0;
    while (socket !== null) {
      const openedAtMs = performance.now();
      const reason = await Promise.race([socket.ending, this.#stopped()]);
      if (this.#stopping.signal.aborted) return;
      this.#health = { ...this.#health, isOpen: false, trouble: `its socket ended: ${reason}` };
      youngDeaths = performance.now() - openedAtMs < steadyAfterMs ? youngDeaths + 1 : 0;
      this.#log.info({ reason }, 'slack socket ended, opening another');
      const old: Socket = socket;
      socket = await this.#openAnother(youngDeaths);
      void this.#retire(old);
    }
  }

  /** The first attempt goes at once, unless sockets keep ending young. null: stopped meanwhile. */
  async #openAnother(youngDeaths: number): Promise<Socket | null> {
    let waitMs = waitAfter(youngDeaths);
    for (let failures = youngDeaths + 1; ; failures += 1) {
      await this.#wait(waitMs);
      if (this.#stopping.signal.aborted) return null;
      try {
        return await this.#openSocket();
      } catch (error) {
        waitMs = this.#failed(error, failures);
      }
    }
  }

  async #openSocket(): Promise<Socket> {
    const socket = await this.#open();
    this.#sockets.add(socket);
    const { counted } = socket;
    this.#health = { isOpen: true, counted, trouble: null };
    this.#reach.succeeded();
    this.#tellFirst(null);
    if (counted !== null && counted >= mostSockets) {
      this.#log.warn(
        { counted },
        'slack counts as many sockets as it allows; clicks that it sends to ghosts among them are lost',
      );
    }
    return socket;
  }

  /** Returns how long to wait before the next try, in milliseconds. Being asked to wait is no failure. */
  #failed(error: unknown, failures: number): number {
    const failure = toJoinError('app token', error);
    const retryAfterMs = 'retryAfterMs' in failure ? failure.retryAfterMs : null;
    this.#health = { ...this.#health, isOpen: false, trouble: failure.message };
    this.#log.warn(
      { failures, retryAfterMs, reason: failure.message },
      'slack socket could not be opened, trying again',
    );
    if (retryAfterMs !== null) return retryAfterMs;
    this.#reach.failed(failure);
    this.#tellFirst(failure);
    return waitAfter(failures + 1);
  }

  async #retire(socket: Socket): Promise<void> {
    await this.#wait(ackWindowMs);
    await this.#close(socket);
  }

  async #close(socket: Socket): Promise<void> {
    if (!this.#sockets.delete(socket)) return;
    await socket.close();
  }

  async #wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #stopped(): Promise<string> {
    const { signal } = this.#stopping;
    if (signal.aborted) return 'stopped';
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
  }
}
