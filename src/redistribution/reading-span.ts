import type { Period } from '../domain/redistribution.ts';
import { type ClockSpan, rightClock } from '../domain/server-clock.ts';
import { byServerClock } from './clock-edges.ts';

/** What the failed jobs know of a server already. */
export interface KnownSpan {
  /** Without a gap from the period's beginning on; null: nothing. */
  readonly gatheredUntil: Date | null;
  /** The oldest failure in the period that is not cleared; null: none. */
  readonly oldestFailure: Date | null;
}

/** A server's clock may be ahead of ours by so much. */
const clockSkewMs = 5 * 60_000;
/** What is written late, or by a clock that is behind, is read all the same. */
const latenessMs = 24 * 3_600_000;

/**
 * The dates of which logs are read (B7): those of the failed jobs, within the period. What failed before the logs were last
 * read is known, so they are read from its oldest failure on, else from where that reading ended; and up to now, since a
 * later run may have done what failed. `longestRunMs`: a run that failed may have begun so much earlier. The dates
 * are those of the server's own clock.
 */
export function decideReading(
  period: Period,
  { gatheredUntil, oldestFailure }: KnownSpan,
  longestRunMs: number,
  now: Date,
  clock: ClockSpan = rightClock,
): Period {
  const unread = gatheredUntil ? gatheredUntil.getTime() - latenessMs : period.from.getTime();
  const first = Math.min(unread, oldestFailure?.getTime() ?? unread);
  const from = Math.max(period.from.getTime(), first) - longestRunMs;
  const until = Math.max(now.getTime() + clockSkewMs, period.until.getTime());
  return byServerClock({ from: new Date(from), until: new Date(until) }, clock);
}
