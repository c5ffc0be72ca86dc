import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideQuietDay } from '../../src/ticket/quiet-day.ts';

const hour = 3_600_000;
const last = new Date('2026-11-23T12:00:00Z');
const after = (hours: number) => new Date(last.getTime() + hours * hour);
const left = [{ lastAt: last }, { lastAt: after(-30) }];

describe('A17: another day of quiet is told', () => {
  test.each([
    ['not before a day is full', 23, 20, false, 24],
    ['when a day is full', 24, 24, true, 48],
    ['by a look that comes late', 29, 24, true, 48],
    ['not again by the next look in the same hours', 25, 25, false, 48],
    ['not by a look before its time, since the day was told', 26, 30, false, 48],
    ['when another day is full', 48, 48, true, 72],
    ['once after days without a look', 100, 30, true, 120],
  ])('%s', (_, now, checkAt, isNew, next) => {
    expect(decideQuietDay(left, after(now), after(checkAt))).toEqual({ isNew, nextAt: after(next) });
  });

  test('never where nothing is left to fail', () => {
    expect(decideQuietDay([], last, null)).toEqual({ isNew: false, nextAt: null });
  });

  test('once for each day, however often and irregularly the ticket is looked at', () => {
    const pauses = fc.array(fc.integer({ min: 1, max: 6 * 60 }), { maxLength: 200 });
    fc.assert(
      fc.property(pauses, (minutes) => {
        let now = last.getTime();
        let checkAt = after(2);
        let told = 0;
        for (const pause of minutes) {
          now += pause * 60_000;
          const day = decideQuietDay(left, new Date(now), checkAt);
          if (day.isNew) told += 1;
          checkAt = new Date(Math.min(now + 6 * hour, day.nextAt?.getTime() ?? Infinity));
        }
        expect(told).toBe(Math.floor((now - last.getTime()) / (24 * hour)));
      }),
    );
  });
});
