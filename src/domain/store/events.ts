/** What was seen and done, by whom. */
export interface EventTx {
  /** True the first time that this key is seen, after that false, until it is forgotten. */
  firstSight(key: string, now: Date): Promise<boolean>;
  forgetEvents(before: Date): Promise<void>;
  audit(entry: { at: Date; who: string; what: string; about: string }): Promise<void>;
}
