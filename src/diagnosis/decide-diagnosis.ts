import type { Diagnosis } from '../domain/diagnosis.ts';
import type { DiagnosisPolicy, VerdictPolicy } from '../domain/policy.ts';

export interface DiagnosisDecision {
  readonly action: 'ticket' | 'hold' | 'suppress';
  /** A stable word: the verdict, or `<verdict>-after-last-look` when waiting has not helped. */
  readonly reason: Diagnosis['verdict'] | `${Diagnosis['verdict']}-after-last-look`;
  /** When a held alert is looked at again; null unless the action is `hold`. */
  readonly lookAgainInMs: number | null;
}

/**
 * What follows from a verdict by the site's policy. `looks` says how often the diagnosis was put off already;
 * once the policy's waits are used up, a ticket is made anyway, so that nothing is held for ever.
 */
export function decideDiagnosis(
  { verdict }: Pick<Diagnosis, 'verdict'>,
  looks: number,
  policy: VerdictPolicy,
): DiagnosisDecision {
  const action = policy.onVerdict[verdict];
  if (action !== 'hold') return { action, reason: verdict, lookAgainInMs: null };
  const lookAgainInMs = policy.lookAgainAfterMs[looks];
  if (lookAgainInMs === undefined) {
    return { action: 'ticket', reason: `${verdict}-after-last-look`, lookAgainInMs: null };
  }
  return { action: 'hold', reason: verdict, lookAgainInMs };
}

/** The policy for a failure type: its own where the site gave it one, else the general one. */
export function policyFor(failure: string, policy: DiagnosisPolicy): VerdictPolicy {
  const wanted = failure.toLowerCase();
  return policy.failures.find((one) => one.failure.toLowerCase() === wanted) ?? policy;
}
