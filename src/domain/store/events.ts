/** What was seen and done, by whom. */
export interface EventTx {
  /** True the first time that this key is seen, for ever after false. */
  firstSight(key: string, now: Date): Promise<boolean>;
  audit(entry: { at: Date; who: string; what: string; about: string }): Promise<void>;
}
