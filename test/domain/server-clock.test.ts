import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rightClock, spanOfClock } from '../../src/domain/server-clock.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour));
const hourMs = 3_600_000;
const reading = (hour: number, offsetMs: number, uncertaintyMs = 10) => ({
  offsetMs,
  uncertaintyMs,
  measuredAt: at(hour),
});

describe('what a server’s times are worth', () => {
  it.each([
    ['nothing is known', [], rightClock],
    ['it is off by a harmless bit', [reading(10, 59_000), reading(11, -59_000)], rightClock],
    ['it is ahead', [reading(11, 2 * hourMs)], { aheadMs: 2 * hourMs + 10, behindMs: 0, movedMs: 0 }],
    ['it is behind', [reading(11, -2 * hourMs)], { aheadMs: 0, behindMs: 2 * hourMs + 10, movedMs: 0 }],
    [
      'it was set right meanwhile',
      [reading(9, 2 * hourMs), reading(11, 0)],
      { aheadMs: 2 * hourMs + 10, behindMs: 10, movedMs: 2 * hourMs },
    ],
    ['it was wrong only long ago', [reading(7, 2 * hourMs), reading(9, 0)], rightClock],
    ['a slow round trip says no more than that', [reading(11, 70_000, 15_000)], rightClock],
  ])('if %s', (_case, readings, span) => {
    expect(spanOfClock(readings, at(10))).toEqual(span);
  });

  it('covers every reading that counts, in whatever order they come', () => {
    const readings = fc.array(
      fc.record({
        offsetMs: fc.integer({ min: -10 * hourMs, max: 10 * hourMs }),
        uncertaintyMs: fc.integer({ min: 0, max: 5_000 }),
        measuredAt: fc.integer({ min: 10, max: 23 }).map(at),
      }),
    );
    fc.assert(
      fc.property(readings, (all) => {
        const span = spanOfClock(all, at(10));
        expect(spanOfClock(all.toReversed(), at(10))).toEqual(span);
        for (const { offsetMs } of all) {
          expect(offsetMs).toBeLessThanOrEqual(span.aheadMs + 65_000);
          expect(-offsetMs).toBeLessThanOrEqual(span.behindMs + 65_000);
        }
      }),
    );
  });
});
