import type { ServerResponse } from 'node:http';

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

/** A connection does not stay open for another request where this one was not read to its end, or the listener stops. */
export function send(response: ServerResponse, reply: Reply, staysOpen: boolean): void {
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
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
