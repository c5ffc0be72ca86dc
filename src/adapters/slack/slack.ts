import { App } from '@slack/bolt';
import type { Chat, ChatHandlers } from '../../domain/chat.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../domain/log.ts';
import { toStartError } from './failures.ts';
import { createLibraryLog, type LibraryLog } from './library-log.ts';
import { addListeners } from './listeners.ts';
import { SocketsReceiver } from './receiver.ts';
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
}

export interface Slack extends Chat {
  /**
   * Joins the workspace. Rejects with `RestageError` `config-invalid` when Slack refuses a token, else with a
   * `ChatError`. From then on lost connections are mended for as long as it takes.
   */
  start(handlers: ChatHandlers): Promise<void>;
  /** Takes nothing more, lets handlers finish (10 s at most), then leaves. */
  stop(): Promise<void>;
}

const slackApiUrl = 'https://slack.com/api/';
const initTimeoutMs = 15_000;

export function createSlack(options: SlackOptions): Slack {
  const { botToken, apiUrl = slackApiUrl, clock, log } = options;
  const libraryLog = createLibraryLog(log);
  const chat = createWebChat({ botToken: botToken(), apiUrl, clock, libraryLog });
  let receiver: SocketsReceiver | null = null;
  return {
    ...chat,
    async start(handlers) {
      receiver = new SocketsReceiver(options.sockets, {
        appToken: options.appToken(),
        apiUrl,
        log,
        libraryLog,
      });
      const app = createApp(botToken(), apiUrl, receiver, libraryLog);
      app.error(async (error) => log.error({ error }, 'slack event failed'));
      const homes = await findHomes(app).catch((error: unknown) =>
        Promise.reject(toStartError('bot token', error)),
      );
      const respond: Chat['respond'] = (url, message) => chat.respond(url, message);
      addListeners(app, { handlers, respond, log, clock, homes });
      await receiver.start().catch((error: unknown) => Promise.reject(toStartError('app token', error)));
      log.info({ sockets: options.sockets }, 'slack connected');
    },
    async stop() {
      await receiver?.stop();
      receiver = null;
    },
  };
}

/** Initialises the app; answers the workspace that its token is for, and the organisation of that. */
async function findHomes(app: App): Promise<ReadonlySet<string>> {
  await app.init();
  const { team_id: team, enterprise_id: enterprise } = await app.client.auth.test();
  return new Set([team, enterprise].filter((id) => typeof id === 'string'));
}

/** Each of Slack's clients gets options of its own: they write into what they are given. */
function createApp(token: string, apiUrl: string, receiver: SocketsReceiver, libraryLog: LibraryLog): App {
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
    },
  });
}
