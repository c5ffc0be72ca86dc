import type { ApprovalPolicy } from '../../domain/approval.ts';
import { hoursAt, hoursFrom } from '../../paging/daily-hours.ts';

/** When approving begins again; null: it may be done now. */
export function closedUntil({ hours }: Pick<ApprovalPolicy, 'hours'>, now: Date): Date | null {
  if (hours.length === 0 || hours.some((one) => hoursAt(one, now) !== null)) return null;
  const openings = hours.flatMap((one) => hoursFrom(one, now).map(({ from }) => from.getTime()));
  return new Date(Math.min(...openings));
}

/** When a proposal of now expires. */
export function expiryOf(policy: ApprovalPolicy, now: Date): Date {
  return new Date((closedUntil(policy, now) ?? now).getTime() + policy.expiresAfterMs);
}
