import { setTimeout as delay } from 'node:timers/promises';
import { App } from '@slack/bolt';
import type { Chat, ChatHandlers, ChatHealth } from '../../domain/chat.ts';
import type { Clock } from '../../domain/clock.ts';
import { waitAfter } from './backoff.ts';
import { toJoinError } from './failures.ts';
import { addListeners } from './listeners.ts';
import type { Reach } from './reach.ts';
import { SocketsReceiver } from './receiver.ts';
import type { SocketOptions } from './socket.ts';

export interface ConnectionOptions extends SocketOptions {
  readonly botToken: string;
  /** How many sockets to hold. */
  readonly count: number;
  readonly handlers: ChatHandlers;
  readonly respond: Chat['respond'];
  readonly clock: Clock;
  readonly reach: Reach;
}

const initTimeoutMs = 15_000;
/** An engineer who watches the start is told by then what it waits for. */
const saidWithinMs = 1500;

/** Joins the workspace and stays in it, for as long as it takes; never rejects. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #stopping = new AbortController();
  readonly #receiver: SocketsReceiver;
  #trouble: string | null = 'not connected yet';
  #joining: Promise<void> = Promise.resolve();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#receiver = new SocketsReceiver(options.count, options, options.reach);
  }

  /** Resolves with null when every socket is open, or with why the first try failed; trying goes on. */
  start(): Promise<Error | null> {
    const { log } = this.#options;
    return new Promise((resolve) => {
      const impatience = setTimeout(() => {
        log.warn({ reason: 'no answer yet' }, 'waiting for slack; mail is taken in meanwhile');
      }, saidWithinMs);
      this.#joining = this.#join((failure) => {
        clearTimeout(impatience);
        resolve(failure);
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#joining;
    await this.#receiver.stop();
  }

  health(): Pick<ChatHealth, 'sockets' | 'clicksBlockedBy'> {
    const { sockets, clicksBlockedBy } = this.#receiver.health();
    return { sockets, clicksBlockedBy: this.#trouble ?? clicksBlockedBy };
  }

  async #join(tell: (failure: Error | null) => void): Promise<void> {
    for (let failures = 1; !this.#stopping.signal.aborted; failures += 1) {
      try {
        await this.#listen();
        this.#trouble = null;
        void this.#openSockets(tell);
        return;
      } catch (error) {
        const waitMs = this.#failed(error, failures, tell);
        await delay(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
    tell(null);
  }

  /** Where sockets can't be opened, each is tried again by itself: that is not waited for. */
  async #openSockets(tell: (failure: Error | null) => void): Promise<void> {
    const { log, count } = this.#options;
    const failure = await this.#receiver.start();
    if (failure === null) log.info({ sockets: count }, 'slack connected');
    tell(failure);
  }

  async #listen(): Promise<void> {
    const { handlers, respond, log, clock, reach } = this.#options;
    const app = createApp(this.#options, this.#receiver);
    app.error(async (error) => log.error({ error }, 'slack event failed'));
    addListeners(app, { handlers, respond, log, clock, homes: await findHomes(app) });
    reach.succeeded();
  }

  /** Returns how long to wait before the next try, in milliseconds. */
  #failed(error: unknown, failures: number, tell: (failure: Error | null) => void): number {
    const failure = toJoinError('bot token', error);
    const retryAfterMs = 'retryAfterMs' in failure ? failure.retryAfterMs : null;
    this.#trouble = failure.message;
    this.#options.log.warn(
      { failures, retryAfterMs, reason: failure.message },
      'waiting for slack; mail is taken in meanwhile',
    );
    if (retryAfterMs !== null) return retryAfterMs;
    this.#options.reach.failed(failure);
    tell(failure);
    return waitAfter(failures + 1);
  }
}

/** Initialises the app. Returns the workspace that its token is for, and the organisation of that. */
async function findHomes(app: App): Promise<ReadonlySet<string>> {
  await app.init();
  const { team_id: team, enterprise_id: enterprise } = await app.client.auth.test();
  return new Set([team, enterprise].filter((id) => typeof id === 'string'));
}

/** Each of Slack's clients gets options of its own: they write into what they are given. */
function createApp(
  { botToken: token, apiUrl, libraryLog, fetch }: ConnectionOptions,
  receiver: SocketsReceiver,
): App {
  return new App({
    token,
    receiver,
    logger: libraryLog,
    deferInitialization: true,
    convoStore: false,
    clientOptions: {
      slackApiUrl: apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: initTimeoutMs,
      fetch,
    },
  });
}
