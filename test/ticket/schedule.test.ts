import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HoldSchedule } from '../../src/domain/ticket-policy.ts';
import { readWall } from '../../src/domain/zoned-time.ts';
import { nextSlot } from '../../src/ticket/schedule.ts';

const zone = 'Europe/Berlin';
const shifts: HoldSchedule = { every: 'shift', atMinutes: [360, 840, 1320], weekday: null, timeZone: zone };
const daily: HoldSchedule = { every: 'day', atMinutes: [480], weekday: null, timeZone: zone };
const mondays: HoldSchedule = { every: 'week', atMinutes: [480], weekday: 1, timeZone: zone };

describe('A15: the next digest', () => {
  test.each([
    ['in the early shift', shifts, '2026-11-23T05:30:00Z', '2026-11-23T13:00:00Z'],
    ['at a change of shifts, the one after', shifts, '2026-11-23T05:00:00Z', '2026-11-23T13:00:00Z'],
    ['in the night shift', shifts, '2026-11-23T22:00:00Z', '2026-11-24T05:00:00Z'],
    ['before the time of the day', daily, '2026-11-23T06:59:59Z', '2026-11-23T07:00:00Z'],
    ['at the time of the day, tomorrow', daily, '2026-11-23T07:00:00Z', '2026-11-24T07:00:00Z'],
    ['on the day of the week', mondays, '2026-11-23T06:00:00Z', '2026-11-23T07:00:00Z'],
    ['just after it, a week later', mondays, '2026-11-23T07:00:00Z', '2026-11-30T07:00:00Z'],
    ['over the end of the year', mondays, '2026-12-29T12:00:00Z', '2027-01-04T07:00:00Z'],
    ['after clocks were set forward', daily, '2027-03-27T12:00:00Z', '2027-03-28T06:00:00Z'],
    ['after clocks were set back', daily, '2026-10-24T12:00:00Z', '2026-10-25T07:00:00Z'],
  ])('%s', (_, schedule, now, slot) => {
    expect(nextSlot(schedule, new Date(now)).toISOString()).toBe(new Date(slot).toISOString());
  });

  test('at a time that clocks skip goes out an hour later, at one that they show twice the first time', () => {
    const atHalfPastTwo = { ...daily, atMinutes: [150] };
    expect(nextSlot(atHalfPastTwo, new Date('2027-03-27T12:00:00Z'))).toEqual(
      new Date('2027-03-28T01:30:00Z'),
    );
    const first = new Date('2026-10-25T00:30:00Z');
    expect(nextSlot(atHalfPastTwo, new Date('2026-10-24T12:00:00Z'))).toEqual(first);
    expect(nextSlot(atHalfPastTwo, first)).toEqual(new Date('2026-10-26T01:30:00Z'));
  });

  test('lies ahead, within a week and an hour, and nothing is skipped on the way', () => {
    const schedule = fc.record({
      every: fc.constant('shift' as const),
      atMinutes: fc.array(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 4 }),
      weekday: fc.option(fc.integer({ min: 1, max: 7 })),
      timeZone: fc.constantFrom('UTC', zone, 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Kiritimati'),
    });
    const time = fc.date({
      min: new Date('2026-01-01'),
      max: new Date('2028-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(schedule, time, (hold, now) => {
        const slot = nextSlot(hold, now);
        expect(slot.getTime()).toBeGreaterThan(now.getTime());
        expect(slot.getTime() - now.getTime()).toBeLessThanOrEqual(7 * 86_400_000 + 7_200_000);
        // Asked at any time in between, the answer is the same.
        const between = new Date(now.getTime() + (slot.getTime() - now.getTime()) / 2);
        expect(nextSlot(hold, between)).toEqual(slot);
        const { hour, minute } = readWall(slot, hold.timeZone);
        const shown = hour * 60 + minute;
        // Where clocks skip the time it is as much later: an hour, on Lord Howe half of one.
        expect(hold.atMinutes.some((at) => [0, 30, 60].includes(shown - at))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
