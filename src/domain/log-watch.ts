/** How often the logs of a server with failed jobs are read for later successes. In ms. */
export interface LogWatchPolicy {
  readonly everyMs: number;
  /** Of a server that can't be read: it is tried more and more seldom, up to this. */
  readonly longestMs: number;
}

/** When a server's logs are read next for successes. */
export interface LogWatch {
  readonly server: string;
  /** Its logs have been read up to here; `null` if they have not been read. */
  readonly readUntil: Date | null;
  /** How often in a row they could not be read. */
  readonly misses: number;
  readonly lookAt: Date;
}

/** Returns the delay after this number of consecutive failures to read a log. */
export function waitAfterMisses(misses: number, { everyMs, longestMs }: LogWatchPolicy): number {
  return Math.min(Math.max(everyMs, longestMs), everyMs * 2 ** Math.min(misses, 20));
}
