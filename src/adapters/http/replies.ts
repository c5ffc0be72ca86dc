import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
} & ({ readonly body: object } | { readonly contentType: string; readonly text: string });

/** A request that is not taken: its answer is JSON, `{ "error": … }`. */
export class HttpRefusal extends Error {
  readonly reply: Reply;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'HttpRefusal';
    this.reply = { status, headers, body: { error: message } };
  }
}

/** Time after which a sender is to come again while nothing can be taken, in seconds. */
export const retryAfterSeconds = 5;

export function tryAgain(status: 429 | 503, message: string): HttpRefusal {
  return new HttpRefusal(status, message, { 'Retry-After': String(retryAfterSeconds) });
}

/** Returns the answer to a request that failed with `error`. */
export function refusalOf(error: unknown): Reply {
  if (error instanceof HttpRefusal) return error.reply;
  return new HttpRefusal(400, 'the request could not be read').reply;
}

/** How long the rest of a refused request is read and dropped, in ms. */
const lingerMs = 2_000;

/**
 * Sends the answer at once. A connection does not stay open for another request if this one was not read to its end, or the
 * listener stops. It is closed only after the rest of the request: else the system resets it, and the sender, which is still
 * writing, never reads the answer.
 */
export async function send(response: ServerResponse, reply: Reply, staysOpen: boolean): Promise<void> {
  const isJson = 'body' in reply;
  const text = isJson ? `${JSON.stringify(reply.body)}\n` : reply.text;
  response.writeHead(reply.status, {
    'Content-Type': isJson ? 'application/json' : reply.contentType,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(staysOpen ? {} : { Connection: 'close' }),
    ...reply.headers,
  });
  if (response.req.method !== 'HEAD') response.write(text);
  if (!response.req.complete) await dropRest(response);
  response.end();
}

async function dropRest({ req }: ServerResponse): Promise<void> {
  req.resume();
  await finished(req, { signal: AbortSignal.timeout(lingerMs) }).catch(() => {});
}
