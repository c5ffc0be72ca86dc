import type { Chat, ChatHandlers } from '../../domain/chat.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../domain/log.ts';
import { Connection } from './connection.ts';
import { createLibraryLog } from './library-log.ts';
import { Reach } from './reach.ts';
import { SlackClock } from './slack-clock.ts';
import { createSlackFetch, type Send } from './slack-fetch.ts';
import { createWebChat } from './web-chat.ts';

export interface SlackOptions {
  /** `xoxb-…` */
  readonly botToken: () => string;
  /** `xapp-…` with connections:write. */
  readonly appToken: () => string;
  /** Where Slack's Web API is; Slack itself when left out. */
  readonly apiUrl?: string;
  /** How many sockets to hold; from two on nothing is lost while Slack refreshes one. Slack allows ten. */
  readonly sockets: number;
  readonly log: Log;
  readonly clock: Clock;
  /** Milliseconds that have passed, by a clock that nobody sets. Default: the process's own. */
  readonly elapsedMs?: () => number;
  /** How a request of the Web API is sent. Default: the process's own `fetch`. */
  readonly fetch?: Send;
}

export interface Slack extends Chat {
  /**
   * Begins to join the workspace, and goes on for as long as it takes. Resolves with null when every socket is open, or with
   * why the first try failed: `RestageError` `config-invalid` where Slack refuses a token, else `ChatError`.
   */
  start(handlers: ChatHandlers): Promise<Error | null>;
  /** Takes nothing more, lets handlers finish (10 s at most), then leaves. */
  stop(): Promise<void>;
}

const slackApiUrl = 'https://slack.com/api/';

export function createSlack(options: SlackOptions): Slack {
  const { apiUrl = slackApiUrl, clock, log, sockets: count } = options;
  const { elapsedMs = () => performance.now() } = options;
  const botToken = options.botToken();
  const reach = new Reach(clock);
  const slackClock = new SlackClock(elapsedMs);
  const web = {
    apiUrl,
    log,
    clock,
    reach,
    libraryLog: createLibraryLog(log),
    fetch: createSlackFetch(slackClock, elapsedMs, options.fetch),
  };
  const chat = createWebChat({ ...web, botToken, slackClock });
  let connection: Connection | null = null;
  return {
    ...chat,
    health() {
      const sockets = { wanted: count, open: 0, counted: null };
      const link = connection?.health() ?? { sockets, clicksBlockedBy: 'not started' };
      return { ...reach.health(), ...link };
    },
    async start(handlers) {
      const appToken = options.appToken();
      const respond: Chat['respond'] = (url, message) => chat.respond(url, message);
      await connection?.stop();
      connection = new Connection({ ...web, appToken, botToken, count, handlers, respond });
      return connection.start();
    },
    async stop() {
      await connection?.stop();
      connection = null;
    },
  };
}
