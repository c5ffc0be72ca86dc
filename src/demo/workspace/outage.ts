import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WorkspaceFault } from './faults.ts';

type How = Extract<WorkspaceFault, { kind: 'outage' }>['how'];

const page = '<html><body>Service Unavailable</body></html>';
const refusal = [
  'HTTP/1.1 503 Service Unavailable',
  'Content-Type: text/html',
  `Content-Length: ${page.length}`,
  'Connection: close',
  '',
  page,
].join('\r\n');

/** Slack away: what the app sends is not answered as by Slack. The page and the control routes go on. */
export class Outage {
  #how: How | null = null;
  readonly #silent = new Set<Duplex>();

  begin(how: How): void {
    this.#how = how;
  }

  /** What was left silent is reset, as a connection is whose other end has forgotten it. */
  end(): void {
    this.#how = null;
    for (const stream of this.#silent) stream.destroy();
    this.#silent.clear();
  }

  /** True: the request was dealt with here. */
  meets({ url = '/' }: IncomingMessage, stream: Duplex): boolean {
    if (this.#how === null || !/^\/(api|response|upload|link)(\/|$)/.test(url.split('?')[0] ?? ''))
      return false;
    if (this.#how === 'reset') stream.destroy();
    else if (this.#how === 'status') stream.end(refusal);
    else this.#silent.add(stream);
    return true;
  }
}
