import type { LogWatch } from '../log-watch.ts';

/** Which servers' logs are read for successes, and by whom. */
export interface LogWatchTx {
  /** Watches those of these servers on which something failed since then and is not cleared; a new one is due at `firstAt`. */
  syncLogWatches(servers: readonly string[], since: Date, firstAt: Date): Promise<void>;
  /**
   * Takes what is due by the store's clock, at most `most`; nobody else gets it for `leaseMs`. No look is rightly due later
   * than `longestMs` from now.
   */
  claimLogWatches(leaseMs: number, longestMs: number, most: number): Promise<readonly LogWatch[]>;
  /** Keeps what a look came to. Returns false if another has looked meanwhile. */
  saveLogWatch(claimed: LogWatch, change: Omit<LogWatch, 'server'>): Promise<boolean>;
}
