/** What a rule, or the search for a root cause, counts for one counter. */
export interface RuleCount {
  readonly counter: string;
  readonly met: boolean;
  /** `null`: no rule, but the search for a root cause. */
  readonly rule: string | null;
  readonly counted: number;
  /** `null`: nobody knows how many there are. */
  readonly needed: number | null;
  readonly of: 'alerts' | 'devices';
  readonly withinMs: number;
  readonly reason: string;
}
