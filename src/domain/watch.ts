/** How devices are watched that may come back (B2). All durations in ms. */
export interface WatchPolicy {
  /** Something is back once it has answered for so long. */
  readonly stableMs: number;
  /** Least and greatest time between two looks: what has been down for long is looked at more and more seldom. */
  readonly everyMs: number;
  readonly longestMs: number;
  /** TCP ports of devices, one of which must be open; none: a ping will do. */
  readonly ports: readonly number[];
}

/** What is known of something that may come back. */
export interface WatchState {
  readonly watchedSince: Date;
  /** Since when it is known to be down; null: it was never seen down. */
  readonly downSince: Date | null;
  /** Since when it answers again; null: it does not. */
  readonly upSince: Date | null;
  /** How often it went down again while it came back. */
  readonly relapses: number;
}

/**
 * What a look at it came to. `cut-off`: it does not answer, and nor does what it is behind; `unknown`: our own host could not
 * look.
 */
export type Sight = 'up' | 'down' | 'cut-off' | 'unknown';
