import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../domain/log.ts';
import { toChatError } from './failures.ts';
import type { Socket } from './socket.ts';

/** A socket that lived shorter counts as a failure, so that a quarrel with Slack does not become a storm. */
const steadyAfterMs = 30_000;
const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** How long acknowledgements may still go out on a socket that has been replaced: Slack waits no longer. */
const ackWindowMs = 3000;

/** Keeps one socket open: replaces it when it ends, for as long as it takes, and never throws after its start. */
export class Slot {
  readonly #open: () => Promise<Socket>;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #sockets = new Set<Socket>();
  #keeping: Promise<void> = Promise.resolve();

  constructor(open: () => Promise<Socket>, log: Log) {
    this.#open = open;
    this.#log = log;
  }

  /** Rejects when the first socket can't be opened. Where Slack only asks to wait, it waits. */
  async start(): Promise<void> {
    const first = await this.#openFirst();
    this.#keeping = this.#keep(first);
  }

  /** Closes what is open and opens nothing more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#keeping;
    await Promise.all([...this.#sockets].map((socket) => this.#close(socket)));
  }

  async #keep(first: Socket): Promise<void> {
    let socket: Socket | null = first;
    let openedAtMs = performance.now();
    let failures = 0;
    while (socket !== null) {
      const reason = await Promise.race([socket.ending, this.#stopped()]);
      if (this.#stopping.signal.aborted) return;
      failures = performance.now() - openedAtMs < steadyAfterMs ? failures + 1 : 0;
      this.#log.info({ reason }, 'slack socket ended, opening another');
      const old: Socket = socket;
      socket = await this.#openAnother(failures);
      openedAtMs = performance.now();
      void this.#retire(old);
    }
  }

  /** A bot that is started again and again soon meets Slack's rate limit: ending for it would make it worse. */
  async #openFirst(): Promise<Socket> {
    for (;;) {
      try {
        return await this.#openSocket();
      } catch (error) {
        const { failure, retryAfterMs } = toChatError('apps.connections.open', error);
        if (failure !== 'rate-limited') throw error;
        this.#log.warn({ retryAfterMs }, 'slack asks to wait before it opens a socket');
        await this.#wait(retryAfterMs ?? longestWaitMs);
        if (this.#stopping.signal.aborted) throw error;
      }
    }
  }

  /** The first attempt goes at once, unless sockets keep ending young. null: stopped meanwhile. */
  async #openAnother(youngDeaths: number): Promise<Socket | null> {
    for (let failures = youngDeaths; ; failures += 1) {
      await this.#wait(failures <= 1 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 2)));
      if (this.#stopping.signal.aborted) return null;
      try {
        return await this.#openSocket();
      } catch (error) {
        const { message, slackCode } = toChatError('apps.connections.open', error);
        this.#log.warn(
          { failures, slackCode, reason: message },
          'slack socket could not be opened, trying again',
        );
      }
    }
  }

  async #openSocket(): Promise<Socket> {
    const socket = await this.#open();
    this.#sockets.add(socket);
    return socket;
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
