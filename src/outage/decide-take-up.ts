import type { Diagnosis } from '../domain/diagnosis.ts';
import type { DiagnosisPolicy } from '../domain/policy.ts';

export interface TakeUpDecision {
  readonly action: 'count-anew' | 'stay-voided';
  /** What the alerts' reason says from then on. */
  readonly reason: 'failing-after-maintenance' | 'well-after-maintenance' | 'suppressed-after-maintenance';
}

/**
 * What becomes of a device's alerts when the outage that voided them is over (A10). A device that answers is well. One
 * that does not counts anew, unless the site suppresses such verdicts; one that nobody can tell counts too, for
 * nothing may be lost at a window's end.
 */
export function decideTakeUp(
  { verdict }: Pick<Diagnosis, 'verdict'>,
  { onVerdict }: Pick<DiagnosisPolicy, 'onVerdict'>,
): TakeUpDecision {
  if (verdict === 'reachable') return { action: 'stay-voided', reason: 'well-after-maintenance' };
  if (onVerdict[verdict] === 'suppress') {
    return { action: 'stay-voided', reason: 'suppressed-after-maintenance' };
  }
  return { action: 'count-anew', reason: 'failing-after-maintenance' };
}
