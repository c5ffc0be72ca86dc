/**
 * Ways in which Slack is known to misbehave. A test calls `Workspace.misbehave(fault)`; another process sends one fault,
 * or an array of them, as JSON to `POST /control/faults` of the workspace:
 *
 *     curl -H 'content-type: application/json' http://127.0.0.1:PORT/control/faults \
 *       -d '[{"kind":"late-effect","method":"chat.postMessage","times":1,"ms":20000},{"kind":"clock","offsetMs":-150000}]'
 *
 * 204: they are in force; 400: none is, and the body says why. `GET /control/messages` returns every message,
 * `GET /control/calls` every call. These routes serve during an outage too. `{"kind":"heal"}` ends every fault except
 * the clock's offset.
 */
export type Fault = MethodFault | SocketFault | WorkspaceFault;

/** Hits the next `times` calls of a Web API method, of `response_url`, or with `*` of any of them. */
interface Hits {
  readonly method: string;
  readonly times: number;
}

export type MethodFault = Hits &
  (
    | {
        readonly kind: 'rate-limit';
        /** Sent as it is: Slack sends whole seconds; a proxy may send -5, a date or 10^14. */
        readonly retryAfterS: number | string;
      }
    /** Not done; the body is a proxy's page where `body` is given. */
    | { readonly kind: 'status'; readonly status: number; readonly body?: string }
    | { readonly kind: 'error'; readonly error: string }
    /** Done, and answered, so much later. */
    | { readonly kind: 'delay'; readonly ms: number }
    /** Done; then the connection is destroyed without a reply. */
    | { readonly kind: 'lose-reply' }
    /** The connection is destroyed at once; the call is done `ms` later by the workspace's clock. */
    | { readonly kind: 'late-effect'; readonly ms: number }
    /** Not done; the connection stays open and silent, like one behind a firewall that forgot it. */
    | { readonly kind: 'no-reply' }
    /** Done twice, answered once, like a proxy that sends a request again. */
    | { readonly kind: 'double' }
  );

export type SocketFault =
  /** Asks one socket to reconnect. */
  | { readonly kind: 'refresh' }
  /** Sends every socket a `disconnect` frame for this reason. */
  | { readonly kind: 'disconnect'; readonly reason: string }
  /** The next envelope is delivered this many times more. */
  | { readonly kind: 'redeliver'; readonly times: number }
  | { readonly kind: 'drop-sockets' }
  /** Every open socket stays open, but nothing passes in either direction. Slack goes on sending envelopes to it. */
  | { readonly kind: 'half-open' }
  /** Slack counts so many connections more than there are, and sends them their share of envelopes. */
  | { readonly kind: 'ghosts'; readonly count: number }
  /** Sends every socket this frame; `base64` makes it a binary one. */
  | { readonly kind: 'frame'; readonly data: string; readonly encoding: 'text' | 'base64' };

export type WorkspaceFault =
  /** Every request and socket of the app: reset, left silent, or answered with 503. */
  | { readonly kind: 'outage'; readonly how: 'reset' | 'silent' | 'status' }
  /** Slack's clock goes so much ahead (or, negative, behind) of the one that the workspace was started with. */
  | { readonly kind: 'clock'; readonly offsetMs: number }
  | { readonly kind: 'heal' };

export function isMethodFault(fault: Fault): fault is MethodFault {
  return 'method' in fault;
}

/** The faults that wait for a call of their method; each call meets at most one, in the order they were asked for. */
export class FaultQueue {
  #waiting: { readonly fault: MethodFault; left: number }[] = [];

  add(fault: MethodFault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  clear(): void {
    this.#waiting = [];
  }

  take(method: string): MethodFault | null {
    const hits = ({ fault }: { readonly fault: MethodFault }) =>
      fault.method === method || fault.method === '*';
    const next = this.#waiting.find((one) => hits(one) && one.left > 0);
    if (!next) return null;
    next.left -= 1;
    this.#waiting = this.#waiting.filter((one) => one.left > 0);
    return next.fault;
  }
}
