import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportPlan } from '../../src/domain/report.ts';
import { findLastSlot } from '../../src/domain/slot.ts';

const plan: ReportPlan = {
  id: 'eu week last week maint-eu',
  region: 'eu',
  every: 'week',
  weekday: 1,
  atMinutes: 480,
  timeZone: 'Europe/Berlin',
  channel: 'maint-eu',
  period: 'last week',
};
const daily = { ...plan, every: 'day', weekday: null } as const;
const monthly = { ...plan, every: 'month', weekday: null } as const;

describe('A20: a scheduled report is due', () => {
  it.each([
    ['at its time on its weekday', plan, '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z'],
    ['not a moment before', plan, '2026-11-23T06:59:59Z', null],
    ['later the same day, where the bot was down', plan, '2026-11-23T18:00:00Z', '2026-11-23T07:00:00Z'],
    ['but not when it is old news', plan, '2026-11-23T19:00:01Z', null],
    ['nor on another day', plan, '2026-11-25T07:00:00Z', null],
    ['every day', daily, '2026-11-25T08:00:00Z', '2026-11-25T07:00:00Z'],
    ['on the first of a month', monthly, '2026-12-01T07:30:00Z', '2026-12-01T07:00:00Z'],
    ['not on the second', monthly, '2026-12-02T07:30:00Z', null],
    ['in summer an hour earlier by UTC', plan, '2026-07-06T06:00:00Z', '2026-07-06T06:00:00Z'],
    [
      'where clocks skip its time, as much later',
      { ...daily, atMinutes: 150 },
      '2026-03-29T02:00:00Z',
      '2026-03-29T01:30:00Z',
    ],
    [
      'where clocks show its time twice, at the first',
      { ...daily, atMinutes: 150 },
      '2026-10-25T02:00:00Z',
      '2026-10-25T00:30:00Z',
    ],
  ])('%s', (_name, given, now, slot) => {
    expect(findLastSlot(given, new Date(now))?.toISOString() ?? null).toBe(
      slot && new Date(slot).toISOString(),
    );
  });

  it('whenever it is asked, a slot is past, at most 12 hours old, and the same for all who ask in between', () => {
    const moment = fc.date({
      min: new Date('2026-01-01Z'),
      max: new Date('2027-12-31Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moment, fc.constantFrom(plan, daily, monthly), (now, given) => {
        const slot = findLastSlot(given, now);
        if (slot === null) return;
        expect(now.getTime() - slot.getTime()).toBeGreaterThanOrEqual(0);
        expect(now.getTime() - slot.getTime()).toBeLessThanOrEqual(12 * 3_600_000);
        expect(findLastSlot(given, slot)).toEqual(slot);
      }),
    );
  });
});
