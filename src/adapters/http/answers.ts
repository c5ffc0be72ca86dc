import type { IncomingMessage } from 'node:http';
import type { ByteBudget } from '../../domain/byte-budget.ts';
import type { HealthCheck } from '../../domain/health.ts';
import type { MailFate } from '../../domain/mail.ts';
import type { Log } from '../../domain/log.ts';
import { type MetricsText, showChecks, showMetrics } from './health-answers.ts';
import { readBody } from './read-body.ts';
import { HttpRefusal, type Reply, tryAgain } from './replies.ts';
import { type TokenHolder, createTokenCheck } from './tokens.ts';

/** What became of a request's alerts: they are committed, or the sender must change something. */
export type ReceiveResult = { readonly alerts: readonly MailFate[] } | { readonly fault: string };

export interface AnswerOptions {
  /** Longest body taken, in bytes. */
  readonly maxBytes: number;
  readonly tokens: readonly TokenHolder[];
  /** Begins a look at one body, which returns what is wrong with it as soon as a piece shows it. */
  beginCheck(): (piece: Uint8Array) => string | null;
  /** Resolves once the alerts are committed, rejects if they are not. */
  receive(source: string, body: Uint8Array, idempotencyKey: string | null): Promise<ReceiveResult>;
  /** Never rejects. */
  readiness(): Promise<readonly HealthCheck[]>;
  metrics(): Promise<MetricsText>;
  readonly log: Log;
}

/** Returns the handler of requests; `budget` bounds the bytes of their bodies. @throws HttpRefusal if a request is not taken. */
export function createAnswers(
  options: AnswerOptions,
  budget: ByteBudget,
): (request: IncomingMessage) => Promise<Reply> {
  const findHolder = createTokenCheck(options.tokens);

  async function takeAlerts(request: IncomingMessage): Promise<Reply> {
    const holder = findHolder(request.headers.authorization);
    if (holder === null) {
      throw new HttpRefusal(401, 'send the header "Authorization: Bearer TOKEN" with a token of this bot', {
        'WWW-Authenticate': 'Bearer',
      });
    }
    const { source, busyStatus } = holder;
    const busy = tryAgain(busyStatus, 'too much is on its way in; send it again');
    const rules = { maxBytes: options.maxBytes, check: options.beginCheck(), budget, busy };
    const body = await readBody(request, rules);
    try {
      const key = request.headers['idempotency-key'];
      return await commit(options, source, body.bytes, typeof key === 'string' ? key : null);
    } finally {
      body.release();
    }
  }

  return async (request) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (path === '/alerts') return request.method === 'POST' ? takeAlerts(request) : notAllowed('POST');
    if (path === '/healthz') return isReading ? showChecks(await options.readiness()) : notAllowed('GET');
    if (path === '/metrics')
      return isReading ? showMetrics(() => options.metrics(), options.log) : notAllowed('GET');
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
    throw tryAgain(503, 'not stored, try again later');
  });
  if ('fault' in result) throw new HttpRefusal(400, result.fault);
  return { status: 200, body: { received: result.alerts.length, alerts: result.alerts } };
}

function notAllowed(method: string): never {
  throw new HttpRefusal(405, `use ${method}`, { Allow: method });
}
