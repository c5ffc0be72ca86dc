/** How a problem fails again and again. */
export interface Recurring {
  /** How many of the last `of` nights or days it failed in. */
  readonly failed: number;
  readonly of: number;
  /** `night` where it fails between evening and morning only. */
  readonly every: 'night' | 'day';
  /** Counts these weekdays alone, 0 is Sunday; `null` for all. */
  readonly weekday: number | null;
}

/** A problem by the counters under which its alerts were stored. */
export interface StoredProblem {
  /** The ticket's. */
  readonly counter: string;
  /** Every spelling of its device with the counter that goes with it; empty of a ticket about more than a device. */
  readonly spelled: readonly { readonly device: string; readonly counter: string }[];
}

/** A ticket that is over, as far as one that comes later is compared with it. */
export interface ResolvedBefore {
  readonly id: number;
  readonly counter: string;
  readonly failure: string;
  readonly subject: string;
  readonly channel: string | null;
  readonly postAt: Date | null;
  /** Which address its diagnosis pinged; `null` if it has none. */
  readonly address: string | null;
}
