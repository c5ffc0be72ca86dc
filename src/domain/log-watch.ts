/** How often the logs of a server with failed jobs are read for later successes. In ms. */
export interface LogWatchPolicy {
  readonly everyMs: number;
  /** Of a server that can't be read: it is tried more and more seldom, up to this. */
  readonly longestMs: number;
}

/** When a server's logs are read next for successes. */
export interface LogWatch {
  readonly server: string;
  /** Until then its logs are known; null: they were not read yet. */
  readonly readUntil: Date | null;
  /** How often in a row they could not be read. */
  readonly misses: number;
  readonly lookAt: Date;
}

/** Returns how long to wait after so many failures in a row to read a log. */
export function waitAfterMisses(misses: number, { everyMs, longestMs }: LogWatchPolicy): number {
  return Math.min(Math.max(everyMs, longestMs), everyMs * 2 ** Math.min(misses, 20));
}
