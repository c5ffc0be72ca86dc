/** What an outage can be for (A10): one device, a group of them, a server with everything behind it, a place. */
export const targetKinds = ['device', 'group', 'server', 'building', 'region'] as const;
export type TargetKind = (typeof targetKinds)[number];

export interface OutageTarget {
  readonly kind: TargetKind;
  /** A device or server by name, IP or MAC; a building may have its site before it: `Köln/B3`. In lower case. */
  readonly name: string;
}

/** A time in which something is out for maintenance: from ≤ t < until. */
export interface Outage {
  readonly id: number;
  readonly target: OutageTarget;
  readonly from: Date;
  readonly until: Date;
  readonly reason: string;
  /** The source that announced it; null: a person in Slack. */
  readonly source: string | null;
  /** What the source calls it; null for a person's. */
  readonly uid: string | null;
  /** A person as `TEAM/USER`, or the source. */
  readonly createdBy: string;
  /** Who ended it before its time: `TEAM/USER`, or `source` where the source does not have it any more. */
  readonly endedBy: string | null;
  /** When its end was followed up: no alert waits for it since then. */
  readonly endedHandledAt: Date | null;
}

/** An outage as a source announces it: nobody has looked yet what its words mean. */
export interface OutageNotice {
  /** Stable within its source; each occurrence of a recurring event has its own. */
  readonly uid: string;
  readonly from: Date;
  readonly until: Date;
  readonly reason: string;
  /** Each names a target whole: `int-38`, `server:int-38`, `building:Köln/B3`. */
  readonly targets: readonly string[];
  /** Free text that may name targets. */
  readonly sentences: readonly string[];
}

/** Something that announces outages, such as a calendar; read anew every `everyMs`. */
export interface OutageFeed {
  readonly name: string;
  readonly everyMs: number;
  /** What is announced around now. Rejects with `source-unreadable` or `source-invalid`. */
  read(now: Date): Promise<readonly OutageNotice[]>;
}
