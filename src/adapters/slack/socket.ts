import { setTimeout as delay } from 'node:timers/promises';
import { SocketModeClient } from '@slack/socket-mode';
import { ChatError } from '../../domain/chat.ts';
import type { Log } from '../../domain/log.ts';
import type { LibraryLog } from './library-log.ts';
import { isRecord, parseRecord, readRecord } from './record.ts';
import type { createSlackFetch } from './slack-fetch.ts';

/** One thing that Slack delivers through a socket. */
export interface Envelope {
  readonly id: string;
  readonly body: Record<string, unknown>;
  readonly retryNum: number | undefined;
  readonly retryReason: string | undefined;
  /** Rejects when the socket is gone. */
  ack(response?: unknown): Promise<void>;
}

export interface Socket {
  /** `num_connections` of its hello; null where that has none. */
  readonly counted: number | null;
  /** Resolves, with the reason, when Slack asks to leave or the connection is gone. */
  readonly ending: Promise<string>;
  close(): Promise<void>;
}

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly log: Log;
  readonly libraryLog: LibraryLog;
  readonly fetch: ReturnType<typeof createSlackFetch>;
}

const helloTimeoutMs = 15_000;
const closeTimeoutMs = 1000;
/** Slack's largest payload is a view of 250 KB, in characters. */
const largestFrame = 2_000_000;

/** Opens a socket and waits for Slack's hello. */
export async function openSocket(
  { appToken, apiUrl, log, libraryLog, fetch }: SocketOptions,
  onEnvelope: (envelope: Envelope) => void,
): Promise<Socket> {
  const client = new GuardedClient(log, {
    appToken,
    logger: libraryLog,
    autoReconnectEnabled: false,
    clientOptions: {
      slackApiUrl: apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: helloTimeoutMs,
      fetch,
    },
  });
  const ending = new Promise<string>((resolve) => {
    client.once('leave', resolve);
    client.once('disconnected', () => resolve('closed'));
  });
  client.on('slack_event', (event: unknown) => {
    const envelope = readEnvelope(event);
    if (envelope) onEnvelope(envelope);
    else log.warn({}, 'slack sent an envelope without id or body');
  });
  try {
    await startInTime(client, ending);
  } catch (error) {
    await closeClient(client);
    throw error;
  }
  return { counted: client.counted, ending, close: () => closeClient(client) };
}

/**
 * Slack's client, with two habits changed. It leaves the moment Slack announces a refresh, losing what comes
 * until it is back: here the announcement is handed on as 'leave', so that a new socket is there before the old one goes.
 * And it rejects, unhandled, on frames that it does not expect, such as an event without an inner event.
 */
class GuardedClient extends SocketModeClient {
  /** `num_connections` of the hello. */
  counted: number | null = null;
  readonly #log: Log;

  constructor(log: Log, options: ConstructorParameters<typeof SocketModeClient>[0]) {
    super(options);
    this.#log = log;
  }

  /** Nobody listens for its rejection: whatever comes, it must not reject. A binary frame's data is a Blob. */
  protected override async onWebSocketMessage(data: unknown): Promise<void> {
    try {
      if (typeof data !== 'string') this.#log.warn({}, 'slack sent a binary frame; ignored');
      else if (data.length > largestFrame) {
        this.#log.warn({ characters: data.length }, 'slack sent a frame that is too large; ignored');
      } else await this.#read(data);
    } catch (error) {
      this.#log.warn({ error }, 'slack sent a frame that could not be read');
    }
  }

  async #read(data: string): Promise<void> {
    const frame = parseRecord(data);
    const { type, reason, num_connections: counted } = frame;
    if (type === 'disconnect') {
      this.emit('leave', typeof reason === 'string' ? reason : 'no reason given');
      return;
    }
    if (type === 'hello' && typeof counted === 'number') this.counted = counted;
    await super.onWebSocketMessage(
      hasInnerEvent(frame) ? data : JSON.stringify({ ...frame, type: 'other' }),
      false,
    );
  }
}

/** Of events, the client reads the inner event's type; other envelopes have none to read. */
function hasInnerEvent({ type, payload }: Readonly<Record<string, unknown>>): boolean {
  if (type !== 'events_api') return true;
  return typeof readRecord(readRecord(payload)['event'])['type'] === 'string';
}

function readEnvelope(event: unknown): Envelope | null {
  const { envelope_id: id, body, ack, retry_num: retryNum, retry_reason: retryReason } = readRecord(event);
  if (typeof id !== 'string' || !isRecord(body) || typeof ack !== 'function') return null;
  return {
    id,
    body,
    retryNum: typeof retryNum === 'number' ? retryNum : undefined,
    retryReason: typeof retryReason === 'string' ? retryReason : undefined,
    ack: async (response) => {
      await ack(response);
    },
  };
}

/** Rejects too when Slack asks to leave instead of saying hello: `too_many_websockets`, `link_disabled`. */
async function startInTime(client: SocketModeClient, ending: Promise<string>): Promise<void> {
  const timer = new AbortController();
  const late = delay(helloTimeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new ChatError('unknown', 'socket: Slack did not say hello in time');
  });
  const left = ending.then((reason) => {
    throw new ChatError('unknown', `socket: Slack ended it before its hello (${reason})`);
  });
  try {
    await Promise.race([left, client.start(), late]);
  } catch (error) {
    throw error ?? new ChatError('unknown', 'socket: closed before its hello');
  } finally {
    timer.abort();
  }
}

/** The client waits 30 s for its peer's close frame; asked a second time it goes at once. */
async function closeClient(client: SocketModeClient): Promise<void> {
  const closed = client.disconnect();
  const impatience = setTimeout(() => void client.disconnect(), closeTimeoutMs);
  await closed;
  clearTimeout(impatience);
}
