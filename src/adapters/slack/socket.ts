import { setTimeout as delay } from 'node:timers/promises';
import { SocketModeClient } from '@slack/socket-mode';
import type { Log } from '../../domain/log.ts';
import type { LibraryLog } from './library-log.ts';
import { isRecord, parseRecord, readRecord } from './record.ts';

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
  /** Resolves, with the reason, when Slack asks to leave or the connection is gone. */
  readonly ending: Promise<string>;
  close(): Promise<void>;
}

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly log: Log;
  readonly libraryLog: LibraryLog;
}

const helloTimeoutMs = 15_000;
const closeTimeoutMs = 1000;

/** Opens a socket and waits for Slack's hello. */
export async function openSocket(
  { appToken, apiUrl, log, libraryLog }: SocketOptions,
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
    await startInTime(client);
  } catch (error) {
    await closeClient(client);
    throw error;
  }
  return { ending, close: () => closeClient(client) };
}

/**
 * Slack's client, with two habits changed. It leaves the moment Slack announces a refresh, losing what comes
 * until it is back: here the announcement is handed on as 'leave', so that a new socket is there before the old one goes.
 * And it rejects, unhandled, on frames that it does not expect, such as an event without an inner event.
 */
class GuardedClient extends SocketModeClient {
  readonly #log: Log;

  constructor(log: Log, options: ConstructorParameters<typeof SocketModeClient>[0]) {
    super(options);
    this.#log = log;
  }

  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    const frame = parseRecord(typeof data === 'string' ? data : new TextDecoder().decode(data));
    if (frame['type'] === 'disconnect') {
      this.emit('leave', String(frame['reason']));
      return;
    }
    try {
      await super.onWebSocketMessage(
        hasInnerEvent(frame) ? data : JSON.stringify({ ...frame, type: 'other' }),
        isBinary,
      );
    } catch (error) {
      this.#log.warn({ error }, 'slack sent a frame that could not be read');
    }
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

async function startInTime(client: SocketModeClient): Promise<void> {
  const timer = new AbortController();
  const late = delay(helloTimeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error('Slack did not say hello in time');
  });
  try {
    await Promise.race([client.start(), late]);
  } catch (error) {
    throw error ?? new Error('Slack closed the connection before saying hello');
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
