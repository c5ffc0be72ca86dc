/** Ways in which Slack is known to misbehave. `method` is a Web API method, or `response_url`. */
export type Fault = MethodFault | SocketFault;

export type MethodFault =
  | {
      readonly kind: 'rate-limit';
      readonly method: string;
      readonly times: number;
      readonly retryAfterS: number;
    }
  | { readonly kind: 'status'; readonly method: string; readonly times: number; readonly status: number }
  | { readonly kind: 'error'; readonly method: string; readonly times: number; readonly error: string }
  | { readonly kind: 'delay'; readonly method: string; readonly times: number; readonly ms: number }
  /** The call takes effect; then the connection is destroyed without a reply. */
  | { readonly kind: 'lose-reply'; readonly method: string; readonly times: number };

type SocketFault =
  /** Asks one socket to reconnect. */
  | { readonly kind: 'refresh' }
  /** The next envelope is delivered this many times more. */
  | { readonly kind: 'redeliver'; readonly times: number }
  | { readonly kind: 'drop-sockets' };

export function isMethodFault(fault: Fault): fault is MethodFault {
  return 'method' in fault;
}

/** The faults that wait for a call of their method; each call meets at most one, in the order they were asked for. */
export class FaultQueue {
  #waiting: { readonly fault: MethodFault; left: number }[] = [];

  add(fault: MethodFault): void {
    this.#waiting.push({ fault, left: fault.times });
  }

  take(method: string): MethodFault | null {
    const next = this.#waiting.find((one) => one.fault.method === method && one.left > 0);
    if (!next) return null;
    next.left -= 1;
    this.#waiting = this.#waiting.filter((one) => one.left > 0);
    return next.fault;
  }
}
