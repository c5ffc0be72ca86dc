import type { ThresholdRule } from '../domain/policy.ts';

export interface ThresholdDecision {
  /** Met or exceeded (A9). */
  readonly met: boolean;
  /** Alerts in the densest window. */
  readonly counted: number;
  readonly needed: number;
  /** First and last alert of that window; null without any alert. */
  readonly windowFrom: Date | null;
  readonly windowUntil: Date | null;
  readonly reason: 'threshold-met' | 'below-threshold';
}

/**
 * Whether alerts at these times meet a rule: the most of them that lie within `withinMs` of each other (both
 * ends belong to the window), wherever the window slides. Their order does not matter, for mail arrives out of
 * order; of equally dense windows the latest counts.
 */
export function decideThreshold(
  times: readonly Date[],
  rule: Pick<ThresholdRule, 'count' | 'withinMs'>,
): ThresholdDecision {
  const window = findDensestWindow(
    times.map((time) => time.getTime()).toSorted((a, b) => a - b),
    rule.withinMs,
  );
  const met = window.length >= rule.count;
  const first = window[0];
  const last = window.at(-1);
  return {
    met,
    counted: window.length,
    needed: rule.count,
    windowFrom: first === undefined ? null : new Date(first),
    windowUntil: last === undefined ? null : new Date(last),
    reason: met ? 'threshold-met' : 'below-threshold',
  };
}

function findDensestWindow(sorted: readonly number[], withinMs: number): readonly number[] {
  let start = 0;
  let best = { start: 0, end: 0 };
  for (const [index, time] of sorted.entries()) {
    while (time - (sorted[start] ?? time) > withinMs) start += 1;
    if (index + 1 - start >= best.end - best.start) best = { start, end: index + 1 };
  }
  return sorted.slice(best.start, best.end);
}
