import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sighting } from '../../src/domain/sighting.ts';
import { decideThreshold, type Need } from '../../src/threshold/decide-threshold.ts';

const need: Need = { count: 4, of: 'alerts', withinMs: 30 * 60_000 };
const at = (minute: number, device = 'a'): Sighting => ({
  at: new Date(Date.UTC(2024, 0, 10, 12, minute)),
  device,
});

describe('A9: four alerts in 30 minutes', () => {
  test.each([
    ['no alert', [], 0, null],
    ['three alerts are too few', [0, 1, 2], 3, null],
    ['four are enough', [0, 1, 2, 3], 4, 0],
    ['more are enough too', [0, 1, 2, 3, 4], 5, 0],
    ['exactly 30 minutes apart still counts', [0, 10, 20, 30], 4, 0],
    ['a minute more does not', [0, 10, 20, 31], 3, null],
    ['a full hour with a gap', [0, 1, 50, 51], 2, null],
    ['the window slides over an hour mark', [45, 58, 62, 74], 4, 45],
    ['alerts of one moment count each', [7, 7, 7, 7], 4, 7],
    [
      'it begins with the earliest window that is dense enough',
      [0, 40, 41, 42, 43, 100, 101, 102, 103, 104],
      5,
      40,
    ],
  ])('%s', (_case, minutes, counted, from) => {
    expect(
      decideThreshold(
        minutes.map((minute) => at(minute)),
        need,
      ),
    ).toEqual({
      met: from !== null,
      counted,
      needed: 4,
      from: from === null ? null : at(from).at,
      reason: from === null ? 'below-threshold' : 'threshold-met',
    });
  });
});

describe('A9: repeats of an occurrence', () => {
  const told = (minute: number, occurrence: string | null) => ({ ...at(minute), occurrence });
  test.each([
    ['count once in a window', ['a', 'a', 'a', 'a'], 1],
    ['do not hide other occurrences', ['a', 'b', 'a', 'c', 'd'], 4],
    ['count each where nobody knows of which they are', [null, null, null, null], 4],
  ])('%s', (_case, occurrences, counted) => {
    const sightings = occurrences.map((occurrence, minute) => told(minute, occurrence));
    expect(decideThreshold(sightings, need).counted).toBe(counted);
  });

  test('a repeat stands for its occurrence in a window that the first word of it is not in', () => {
    const sightings = [told(0, 'a'), told(31, 'a'), told(40, 'b'), told(50, 'c'), told(55, 'd')];
    expect(decideThreshold(sightings, need)).toMatchObject({ counted: 4, from: at(31).at });
  });
});

describe('A9: four distinct devices in 30 minutes', () => {
  const devices: Need = { ...need, of: 'devices' };

  test('a device counts once, however often it alerts', () => {
    const often = [0, 1, 2, 3, 4].map((minute) => at(minute));
    expect(decideThreshold([...often, at(5, 'b'), at(6, 'c')], devices)).toMatchObject({
      met: false,
      counted: 3,
    });
    expect(decideThreshold([...often, at(5, 'b'), at(6, 'c'), at(7, 'd')], devices)).toMatchObject({
      met: true,
      counted: 4,
      from: at(0).at,
    });
  });

  test('a device that alerted before the window does not count', () => {
    const sightings = [at(0), at(31, 'b'), at(32, 'c'), at(33, 'd')];
    expect(decideThreshold(sightings, devices)).toMatchObject({ met: false, counted: 3 });
  });

  test('a share of nobody knows how many is never met', () => {
    const decision = decideThreshold([at(0), at(0, 'b')], { ...devices, count: null });
    expect(decision).toMatchObject({ met: false, needed: null, reason: 'population-unknown' });
  });
});

const sightings = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 500 }).map((ms) => new Date(ms)),
    device: fc.constantFrom('a', 'b', 'c', 'd'),
  }),
  { maxLength: 40 },
);
const needs: fc.Arbitrary<Need> = fc.record({
  count: fc.integer({ min: 1, max: 6 }),
  of: fc.constantFrom('alerts', 'devices'),
  withinMs: fc.integer({ min: 1, max: 200 }),
});

test('A9: the order in which mail arrives makes no difference', () => {
  const shuffled = sightings.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, needs, ([list, other], some) => {
      expect(decideThreshold(other, some)).toEqual(decideThreshold(list, some));
    }),
  );
});

test('A9: it is met from the first window on that holds enough, and none holds more than was counted', () => {
  fc.assert(
    fc.property(sightings, needs, (list, some) => {
      const sizeFrom = (from: Date) => {
        const held = list.filter(
          (one) => one.at >= from && one.at.getTime() - from.getTime() <= some.withinMs,
        );
        return some.of === 'alerts' ? held.length : new Set(held.map((one) => one.device)).size;
      };
      const { counted, from } = decideThreshold(list, some);
      expect(counted).toBe(Math.max(0, ...list.map((one) => sizeFrom(one.at))));
      const beginnings = list.map((one) => one.at).filter((one) => sizeFrom(one) >= (some.count ?? 0));
      const earliest = beginnings.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
      expect(from).toEqual(earliest);
    }),
  );
});
