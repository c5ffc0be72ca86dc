import type { ThresholdRule } from '../../domain/policy.ts';
import type { Deps } from '../deps.ts';

/**
 * Alerts from before this time add up to nothing any more: mail that is later than `latenessMs` counts at the time of
 * its arrival, so no window reaches further back.
 */
export function oldestCounted(
  { policies }: Pick<Deps, 'policies'>,
  rules: readonly ThresholdRule[],
  now: Date,
): Date {
  const windowsMs = [...rules.map((rule) => rule.withinMs), policies.rootCause?.withinMs ?? 0];
  return new Date(now.getTime() - policies.latenessMs - Math.max(...windowsMs));
}
