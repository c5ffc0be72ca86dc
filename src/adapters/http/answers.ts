import type { IncomingMessage } from 'node:http';
import type { Log } from '../../domain/log.ts';
import { readBody } from './read-body.ts';
import { type Reply, HttpRefusal } from './replies.ts';
import { type TokenHolder, createTokenCheck } from './tokens.ts';

/** What became of a request's alerts: they are committed, or the sender must change something. */
export type ReceiveResult = { readonly received: number } | { readonly fault: string };

export interface AnswerOptions {
  /** Longest body taken, in bytes. */
  readonly maxBytes: number;
  readonly tokens: readonly TokenHolder[];
  /** Resolves once the alerts are committed, rejects when they are not. */
  receive(source: string, body: Uint8Array, idempotencyKey: string | null): Promise<ReceiveResult>;
  /** Rejects when the database can't be reached. */
  checkHealth(): Promise<void>;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  readonly log: Log;
}

/** What a sender is to wait before it comes again while nothing can be stored. */
const retryAfterSeconds = 5;

/** Answers the requests. Rejects with a `HttpRefusal` where one is not taken. */
export function createAnswers(options: AnswerOptions): (request: IncomingMessage) => Promise<Reply> {
  const findSource = createTokenCheck(options.tokens);

  async function takeAlerts(request: IncomingMessage): Promise<Reply> {
    const source = findSource(request.headers.authorization);
    if (source === null) {
      throw new HttpRefusal(401, 'send the header "Authorization: Bearer TOKEN" with a token of this bot', {
        'WWW-Authenticate': 'Bearer',
      });
    }
    const body = await readBody(request, options.maxBytes);
    const key = request.headers['idempotency-key'];
    return commit(options, source, body, typeof key === 'string' ? key : null);
  }

  return async (request) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (path === '/alerts') return request.method === 'POST' ? takeAlerts(request) : notAllowed('POST');
    if (path === '/healthz') return isReading ? showHealth(options) : notAllowed('GET');
    if (path === '/metrics') return isReading ? showMetrics(options) : notAllowed('GET');
    throw new HttpRefusal(404, `nothing is at ${path}; alerts go to POST /alerts`);
  };
}

async function commit(
  options: AnswerOptions,
  source: string,
  body: Uint8Array,
  key: string | null,
): Promise<Reply> {
  const result = await options.receive(source, body, key).catch((error: unknown) => {
    options.log.error(
      { source, error: String(error) },
      'alerts not committed: the sender was told to try again',
    );
    throw tryAgain('not stored, try again later');
  });
  if ('fault' in result) throw new HttpRefusal(400, result.fault);
  return { status: 200, body: { received: result.received } };
}

async function showHealth(options: AnswerOptions): Promise<Reply> {
  await options.checkHealth().catch(() => {
    throw tryAgain('the database can not be reached');
  });
  return { status: 200, body: { status: 'ok' } };
}

async function showMetrics(options: AnswerOptions): Promise<Reply> {
  const metrics = await options.metrics().catch((error: unknown) => {
    options.log.warn({ error: String(error) }, 'metrics not gathered');
    throw tryAgain('the database can not be reached');
  });
  return { status: 200, ...metrics };
}

function tryAgain(message: string): HttpRefusal {
  return new HttpRefusal(503, message, { 'Retry-After': String(retryAfterSeconds) });
}

function notAllowed(method: string): never {
  throw new HttpRefusal(405, `use ${method}`, { Allow: method });
}
