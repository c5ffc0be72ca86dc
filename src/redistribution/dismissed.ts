import type { FailedJob } from '../domain/redistribution.ts';
import type { ClockSpan } from '../domain/server-clock.ts';
import type { DismissedFailure } from '../domain/store/dismissals.ts';
import { keyOf } from './key-of.ts';

/** Dismissed failures by `keyOf` of server, job, recipient and package. */
export function indexDismissed(
  dismissed: readonly DismissedFailure[],
): ReadonlyMap<string, DismissedFailure> {
  return new Map(dismissed.map((one) => [keyOf(one.server, one.job, one.recipient, one.package), one]));
}

/** Returns why a failure is not to be repeated; `null` if it was not dismissed, or has failed anew since. */
export function describeDismissal(
  dismissal: DismissedFailure | undefined,
  { failedAt }: Pick<FailedJob, 'failedAt'>,
  { behindMs }: ClockSpan,
): string | null {
  if (dismissal === undefined) return null;
  const { at, failedAt: known, by, reason } = dismissal;
  // The server that dated it may be ahead of us, or behind.
  const isAnew = failedAt.getTime() + behindMs > at.getTime() && failedAt > known;
  return isAnew ? null : `dismissed by ${by.userId}: ${reason}`;
}
