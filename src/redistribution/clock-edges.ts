import type { Period } from '../domain/redistribution.ts';
import type { ClockSpan } from '../domain/server-clock.ts';

/** Where a run lies. `edge`: whether it belongs to the period depends on how far the server's clock is off. */
export type Place = 'within' | 'edge' | 'outside';

/**
 * Returns where a run from `from` to `until`, by its server's clock, lies; half-open. What an allowed lead dates into the
 * future is of now. `mayBeLaterMs`: its times may be later by this.
 */
export function placeIn(
  period: Period,
  { from, until, mayBeLaterMs }: { readonly from: Date; readonly until: Date; readonly mayBeLaterMs: number },
  { aheadMs, behindMs }: ClockSpan,
  now: Date,
): Place {
  const last = now.getTime() - 1;
  const belongs = (earlyMs: number, lateMs: number) =>
    Math.min(from.getTime() + earlyMs, last) < period.until.getTime() &&
    Math.min(until.getTime() + lateMs, last) >= period.from.getTime();
  const latestMs = behindMs + mayBeLaterMs;
  if (!belongs(-aheadMs, latestMs)) return 'outside';
  // If it belongs by its earliest and by its latest times, it belongs by all between.
  return belongs(-aheadMs, -aheadMs) && belongs(latestMs, latestMs) ? 'within' : 'edge';
}

/** Returns the period in which a server may have written what happened in `period`, by its own clock. */
export function byServerClock({ from, until }: Period, { aheadMs, behindMs }: ClockSpan): Period {
  return { from: new Date(from.getTime() - behindMs), until: new Date(until.getTime() + aheadMs) };
}
