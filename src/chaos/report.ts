import type { PlannedFault, RoundPlan } from './plan.ts';

/** What a round found; one line of the output. */
export interface RoundReport {
  readonly plan: Omit<RoundPlan, 'faults'>;
  /** What broke, and when. */
  readonly faults: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly verdict: 'right' | 'wrong';
  /** Empty when right. */
  readonly wrongs: readonly string[];
}

export interface Findings {
  readonly figures: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly wrongs: readonly string[];
}

export function reportRound(
  { faults, ...plan }: RoundPlan,
  { figures, notes, wrongs }: Findings,
): RoundReport {
  const verdict = wrongs.length === 0 ? 'right' : 'wrong';
  return { plan, faults: faults.map(describeFault), figures, notes, verdict, wrongs };
}

function describeFault({ name, afterMs, forMs, times, bot }: PlannedFault): string {
  const much = times > 1 ? `, ${times} times` : '';
  return `${name} after ${afterMs} ms for ${forMs} ms${much}, bot ${bot + 1}`;
}
