import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideThreshold } from '../../src/threshold/decide-threshold.ts';

const rule = { count: 4, withinMs: 30 * 60_000 };
const at = (minute: number) => new Date(Date.UTC(2024, 0, 10, 12, minute));

describe('four alerts in 30 minutes', () => {
  test.each([
    ['no alert', [], 0, null, null],
    ['three alerts are too few', [0, 1, 2], 3, 0, 2],
    ['four are enough', [0, 1, 2, 3], 4, 0, 3],
    ['more are enough too', [0, 1, 2, 3, 4], 5, 0, 4],
    ['exactly 30 minutes apart still counts', [0, 10, 20, 30], 4, 0, 30],
    ['a minute more does not', [0, 10, 20, 31], 3, 10, 31],
    ['a full hour with a gap', [0, 1, 50, 51], 2, 50, 51],
    ['the window slides over an hour mark', [45, 58, 62, 74], 4, 45, 74],
    ['alerts of one moment count each', [7, 7, 7, 7], 4, 7, 7],
    ['of equally dense windows the latest', [0, 1, 2, 3, 100, 101, 102, 103], 4, 100, 103],
  ])('%s', (_case, minutes, counted, from, until) => {
    expect(decideThreshold(minutes.map(at), rule)).toEqual({
      met: counted >= 4,
      counted,
      needed: 4,
      windowFrom: from === null ? null : at(from),
      windowUntil: until === null ? null : at(until),
      reason: counted >= 4 ? 'threshold-met' : 'below-threshold',
    });
  });
});

const times = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 40 });
const rules = fc.record({
  count: fc.integer({ min: 1, max: 10 }),
  withinMs: fc.integer({ min: 1, max: 200 }),
});
const dates = (list: readonly number[]) => list.map((time) => new Date(time));

test('the order in which mail arrives makes no difference', () => {
  const shuffled = times.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, rules, ([list, other], some) => {
      expect(decideThreshold(dates(other), some)).toEqual(decideThreshold(dates(list), some));
    }),
  );
});

test('no window anywhere holds more alerts than were counted', () => {
  fc.assert(
    fc.property(times, rules, (list, some) => {
      const inWindowFrom = (from: number) =>
        list.filter((time) => time >= from && time - from <= some.withinMs).length;
      const { counted } = decideThreshold(dates(list), some);
      expect(counted).toBe(Math.max(0, ...list.map(inWindowFrom)));
    }),
  );
});
