import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recurringLine } from '../../src/messages/recurring.ts';
import { decideRecurring } from '../../src/ticket/recurring.ts';

const berlin = 'Europe/Berlin';
/** Times of November 2026, in UTC: `23 02:00`. */
const at = (...times: readonly string[]) => times.map((time) => moment(`2026-11-${time.replace(' ', 'T')}`));
const moment = (time: string) => new Date(`${time}:00Z`);
const nights = (days: readonly number[], time: string) =>
  at(...days.map((day) => `${String(day).padStart(2, '0')} ${time}`));
const says = (failures: readonly Date[], now: string, zone = 'UTC') => {
  const decided = decideRecurring(failures, moment(`2026-11-${now.replace(' ', 'T')}`), zone);
  return decided && recurringLine({ ...decided, failure: null, before: null }).replace(/^:repeat: /, '');
};

describe('what fails again and again', () => {
  it.each([
    ['nothing that failed', [], '27 09:00', null],
    ['two nights', nights([26, 27], '02:00'), '27 09:00', null],
    ['three nights', nights([25, 26, 27], '02:00'), '27 09:00', '3 of the last 5 nights'],
    ['four nights of five', nights([23, 24, 26, 27], '02:00'), '27 09:00', '4 of the last 5 nights'],
    ['one night counted once', nights([27, 27, 27], '02:00'), '27 09:00', null],
    ['six nights', nights([22, 23, 24, 25, 26, 27], '02:00'), '27 09:00', '5 of the last 5 nights'],
    [
      'the night ahead, which has not failed yet',
      nights([25, 26, 27], '02:00'),
      '27 22:00',
      '3 of the last 5 nights',
    ],
    ['the night that went well', nights([23, 24, 25, 26], '02:00'), '27 09:00', '4 of the last 5 nights'],
    [
      'what was repaired four nights ago',
      nights([21, 22, 23], '02:00'),
      '27 09:00',
      '3 of the last 7 nights',
    ],
    ['what was repaired a week ago', nights([17, 18, 19], '02:00'), '27 09:00', null],
    ['days', nights([25, 26, 27], '12:00'), '27 13:00', '3 of the last 5 days'],
    ['the day that is not over', nights([24, 25, 26], '15:00'), '27 13:00', '3 of the last 5 days'],
    [
      'nights and days',
      [...nights([25, 26], '02:00'), ...at('27 11:00')],
      '27 13:00',
      '3 of the last 5 days',
    ],
    ['every second night', nights([21, 23, 25, 27], '02:00'), '27 09:00', '3 of the last 5 nights'],
    [
      'every second night, in the night between',
      nights([21, 23, 25, 27], '02:00'),
      '28 09:00',
      '3 of the last 7 nights',
    ],
    [
      'a job around midnight',
      at('23 23:50', '25 00:20', '26 00:05', '26 23:55'),
      '27 09:00',
      '4 of the last 5 nights',
    ],
    ['one run across midnight', at('26 23:50', '27 00:20', '27 00:50'), '27 09:00', null],
    ['Fridays', nights([6, 13, 20, 27], '12:00'), '27 13:00', '4 of the last 4 Fridays'],
    [
      'nights of Thursday, one of them fine',
      nights([6, 20, 27], '01:00'),
      '27 13:00',
      '3 of the last 4 Thursday nights',
    ],
    [
      'Sunday nights around midnight',
      at('08 23:50', '16 00:10', '22 23:55'),
      '23 09:00',
      '3 of the last 4 Sunday nights',
    ],
    ['Fridays that are repaired', nights([6, 13, 20], '12:00'), '28 13:00', null],
    ['days of all sorts', nights([2, 6, 9, 13, 17, 20, 25, 27], '12:00'), '27 13:00', null],
  ])('tells of %s', (_, failures, now, told) => {
    const said = says(failures, now);
    if (told === null) expect(said).toBeNull();
    else expect(said).toMatch(new RegExp(`^Failed (in|on) ${told}$`));
  });

  it('tells of none that fails without a break: it goes on failing', () => {
    const hours = Array.from(
      { length: 28 * 24 },
      (_, n) => new Date(moment('2026-11-01T00:00').getTime() + n * 3_600_000),
    );
    expect(says(hours, '28 12:00')).toBeNull();
  });

  it('counts by the clocks of the zone', () => {
    // 14:00 in Berlin, and 05:00 in Los Angeles.
    const failures = nights([25, 26, 27], '13:00');
    expect(says(failures, '27 14:00', berlin)).toContain('3 of the last 5 days');
    expect(says(failures, '27 18:00', 'America/Los_Angeles')).toContain('3 of the last 5 nights');
    // Around midnight in Kathmandu, 5 h 45 min ahead.
    const around = at('23 18:05', '24 18:20', '25 18:10');
    expect(says(around, '26 06:00', 'Asia/Kathmandu')).toContain('3 of the last 5 nights');
  });

  it.each([
    [
      'set back',
      '2026-10-23T00:30',
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-25T01:30',
      '2026-10-25T11:00',
    ],
    [
      'put forward',
      '2026-03-27T01:30',
      '2026-03-28T01:30',
      '2026-03-29T01:30',
      '2026-03-29T01:40',
      '2026-03-29T11:00',
    ],
  ])('counts the night in which clocks are %s as one', (_, ...times) => {
    const [now, ...failures] = times.map(moment).toReversed();
    const decided = decideRecurring(failures, now ?? new Date(0), berlin);
    expect(decided).toMatchObject({ failed: 3, of: 5, every: 'night' });
  });

  it('keeps to the night across a change of clocks, of a job that runs by UTC', () => {
    const failures = [22, 23, 24, 25, 26].map((day) => moment(`2026-10-${day}T05:30`));
    const now = moment('2026-10-26T12:00');
    expect(decideRecurring(failures, now, berlin)).toMatchObject({ failed: 5, of: 5, every: 'night' });
  });

  it('tells of at most as many as it looks at, whatever the order of the failures and how often each came', () => {
    const hour = 3_600_000;
    const end = moment('2026-11-28T00:00').getTime();
    const times = fc.array(fc.integer({ min: -29 * 24, max: 24 }).map((n) => new Date(end + n * hour)));
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 23 }), (failures, n) => {
        const now = new Date(end + n * hour);
        const decided = decideRecurring(failures, now, berlin);
        expect(decideRecurring([...failures.toReversed(), ...failures], now, berlin)).toEqual(decided);
        if (!decided) return;
        expect(decided.failed).toBeLessThanOrEqual(decided.of);
        expect(decided.failed).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 100 },
    );
  });
});

const recurring = { failed: 4, of: 5, every: 'night', weekday: null, failure: null } as const;
it.each([
  [recurring, null, ':repeat: Failed in 4 of the last 5 nights'],
  [{ ...recurring, every: 'day' as const }, null, ':repeat: Failed on 4 of the last 5 days'],
  [recurring, { id: 7, link: null }, ':repeat: Failed in 4 of the last 5 nights · the ticket before: 7'],
  [
    { ...recurring, failure: 'connection' },
    { id: 7, link: 'https://a.slack.com/p1' },
    ':repeat: connection error: failed in 4 of the last 5 nights · <https://a.slack.com/p1|the ticket before>: 7',
  ],
])('a ticket says how often its problem failed, and which ticket was before: %#', (what, before, line) => {
  expect(recurringLine({ ...what, before })).toBe(line);
});
