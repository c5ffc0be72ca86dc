import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockToleranceMs, isTimeUp } from '../../src/domain/time-up.ts';

const now = new Date('2026-11-23T12:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const hourMs = 3_600_000;

describe('the end of a stored wait or lease', () => {
  it.each([
    { what: 'is reached', aheadMs: 0, longestMs: 30_000, up: true },
    { what: 'has long passed', aheadMs: -hourMs, longestMs: 30_000, up: true },
    { what: 'is a moment ahead', aheadMs: 1, longestMs: 30_000, up: false },
    { what: 'is ahead by the whole of its length', aheadMs: 30_000, longestMs: 30_000, up: false },
    { what: 'was set by a bot whose time is a little ahead', aheadMs: 35_000, longestMs: 30_000, up: false },
    { what: 'is further ahead than it ever lasts', aheadMs: 35_001, longestMs: 30_000, up: true },
    { what: 'was set while the clock was an hour ahead', aheadMs: hourMs, longestMs: 30_000, up: true },
    { what: 'is as far ahead as the longest wait', aheadMs: hourMs, longestMs: hourMs, up: false },
  ])('is over: $up, where it $what', ({ aheadMs, longestMs, up }) => {
    expect(isTimeUp(later(aheadMs), now, longestMs)).toBe(up);
  });

  it('is never over early for a bot whose time is within the tolerance, and never parked longer than its length', () => {
    const anyMs = fc.integer({ min: 1, max: 10 * hourMs });
    const skew = fc.integer({ min: -clockToleranceMs, max: clockToleranceMs });
    fc.assert(
      fc.property(
        anyMs,
        anyMs,
        skew,
        fc.integer({ min: -10 * hourMs, max: 10 * hourMs }),
        (waitMs, moreMs, skewMs, jumpMs) => {
          const longestMs = waitMs + moreMs;
          if (waitMs + skewMs > 0) expect(isTimeUp(later(waitMs), later(-skewMs), longestMs)).toBe(false);
          // Written while the clock was off by `jumpMs`; looked at again and again.
          const end = later(waitMs + jumpMs);
          expect(
            isTimeUp(end, later(longestMs + clockToleranceMs), longestMs) || isTimeUp(end, now, longestMs),
          ).toBe(true);
        },
      ),
    );
  });
});
