/** What is used of net-ping 1.2, which ships no types. */
declare module 'net-ping' {
  export interface SessionOptions {
    /** From 1 to 65534; it tells this session's replies from others'. */
    sessionId?: number;
    retries?: number;
    timeout?: number;
  }

  /** An error that ICMP brought: `source` sent it. */
  export class DestinationUnreachableError extends Error {
    source: string;
  }
  export class TimeExceededError extends Error {
    source: string;
  }
  export class RequestTimedOutError extends Error {}

  /** Called for each hop; returns true to stop. */
  export type Feed = (
    error: Error | null,
    target: string,
    ttl: number,
    sent: Date,
    received: Date,
  ) => boolean;

  export class Session {
    constructor(options: SessionOptions);
    /** The requests under way by their sequence number. */
    protected reqs: Record<number, { readonly target: string } | undefined>;
    /** Takes every ICMP message that the socket hears, IPv4 header included. */
    protected onSocketMessage(buffer: Buffer, source: string): void;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'close', listener: () => void): this;
    close(): this;
    pingHost(
      target: string,
      callback: (error: Error | null, target: string, sent: Date, received: Date) => void,
    ): this;
    /** `done` is not called when the session is closed meanwhile. */
    traceRoute(
      target: string,
      options: { ttl: number; maxHopTimeouts: number },
      feed: Feed,
      done: (error: Error | null, target: string) => void,
    ): this;
  }
}
