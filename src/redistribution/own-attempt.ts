import type { AlertFields } from '../domain/alert.ts';
import type { OwnAttempt } from '../domain/store/attempts.ts';

/** The server's clock and ours may differ by so much. */
export const clockSkewMs = 5 * 60_000;

export type ReportedFailure = Pick<
  AlertFields,
  'job' | 'device' | 'recipient' | 'package' | 'attempt' | 'at'
>;

/**
 * The attempts of ours that an alert is about (B13): same job and recipient, the package if it names one, from the time in
 * which it ran. Through the recorder the alert bears the number of the attempt; `isNumbered` false: the tool's own mail
 * knows of no attempts, and the ledger alone tells.
 */
export function findOwnAttempts(
  alert: ReportedFailure,
  attempts: readonly OwnAttempt[],
  isNumbered: (server: string) => boolean,
): readonly OwnAttempt[] {
  const recipient = alert.recipient ?? alert.device;
  return attempts.filter(
    (one) =>
      one.job === alert.job &&
      one.recipient === recipient &&
      (alert.package === null || one.package === alert.package) &&
      (isNumbered(one.server) ? one.attempt === alert.attempt : alert.attempt === 1) &&
      alert.at.getTime() >= one.startedAt.getTime() - clockSkewMs &&
      alert.at.getTime() <= (one.endedAt?.getTime() ?? Number.POSITIVE_INFINITY) + clockSkewMs,
  );
}
