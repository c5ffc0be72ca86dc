import type { Person } from '../chat.ts';
import type { WatchState } from '../watch.ts';

/** Something that may come back. */
export interface WatchRecord extends WatchState {
  /** As the failed jobs name it. */
  readonly target: string;
  /** It is watched for what is behind it. */
  readonly link: boolean;
  /** Until then nobody else looks. */
  readonly lookAt: Date;
}

/** A redistribution that could be begun because something is back. */
export interface RecoveryOffer {
  readonly id: string;
  readonly server: string;
  /** What came back, in the order in which it did. */
  readonly devices: readonly string[];
  /** Whose failures it is about; null: all of the server's. */
  readonly recipients: readonly string[] | null;
  /** The first of them. */
  readonly from: Date;
  readonly channel: string;
  readonly createdAt: Date;
  /** Who began a redistribution of the server; null: nobody did. */
  readonly takenBy: Person | null;
  readonly takenAt: Date | null;
}

/** What failed on a server for one recipient. */
export interface OpenFailures {
  readonly server: string;
  readonly recipient: string;
  readonly count: number;
  readonly firstAt: Date;
}

/** The watch over what may come back (B2), and what it offers. */
export interface WatchTx {
  /**
   * Watches the recipients and servers of failed jobs since then, and the servers that open tickets are about; of these servers
   * only. What nothing waits for any more is not watched any more.
   */
  syncWatches(servers: readonly string[], since: Date, now: Date): Promise<void>;
  /**
   * Takes what is due by the store's clock, so many at most; nobody else gets it for `leaseMs`. No look is rightly due
   * later than `longestMs` from now.
   */
  claimWatches(leaseMs: number, longestMs: number, most: number): Promise<readonly WatchRecord[]>;
  /** Keeps what a look came to; false where somebody else has looked meanwhile. */
  saveWatch(claimed: WatchRecord, state: WatchState, lookAt: Date): Promise<boolean>;
  /** Watches a broken link, unless it is watched already. */
  watchLink(target: string, now: Date): Promise<void>;
  /** These count as never seen down, and are looked at now. */
  resetWatches(targets: readonly string[], now: Date): Promise<void>;
  /** What is not cleared for these recipients, or on these servers, by server and recipient. */
  openFailures(names: readonly string[]): Promise<readonly OpenFailures[]>;
  /** The offer for a server that nobody has taken yet. */
  openOffer(server: string): Promise<RecoveryOffer | null>;
  offer(id: string): Promise<RecoveryOffer | null>;
  /** Adds an offer, or changes the one of this id. */
  saveOffer(offer: RecoveryOffer): Promise<void>;
}
