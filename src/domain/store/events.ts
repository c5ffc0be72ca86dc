/** What somebody did, or what came of it. */
export interface AuditEntry {
  readonly at: Date;
  readonly who: string;
  readonly what: string;
  readonly about: string;
  /** What belongs to it, as JSON; `null` or left out: nothing. */
  readonly detail?: Readonly<Record<string, unknown>> | null;
}

/** What was seen and done, by whom. */
export interface EventTx {
  /** True the first time that this key is seen, after that false, until it is forgotten. */
  firstSight(key: string, now: Date): Promise<boolean>;
  forgetEvents(before: Date): Promise<void>;
  audit(entry: AuditEntry): Promise<void>;
  auditAll(entries: readonly AuditEntry[]): Promise<void>;
  /** Returns all that was audited before then, in the order in which it was written. */
  auditedBefore(end: Date): Promise<readonly AuditEntry[]>;
}
