import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findShiftEnd, findShiftStart, regionsOfSchedule } from '../../src/paging/shifts.ts';
import { whoIsOnCall } from '../../src/paging/who-is-on-call.ts';
import { day, hour, officeHours, rotation, wall } from './schedules.ts';

const at = (text: string) => new Date(text);
const daily = rotation({ everyMs: 12 * hour, start: wall('2026-11-23T08:00') });

describe('the end of a shift', () => {
  test.each([
    [
      'as it comes',
      daily,
      '2026-11-23T19:00:00Z',
      ['2026-11-23T19:00:00Z', '2026-11-23T07:00:00Z', 'U0ANA', 'U0BEN'],
    ],
    ['just before it', daily, '2026-11-23T18:59:59Z', null],
    [
      'two hours after it',
      daily,
      '2026-11-23T21:00:00Z',
      ['2026-11-23T19:00:00Z', '2026-11-23T07:00:00Z', 'U0ANA', 'U0BEN'],
    ],
    ['later than that', daily, '2026-11-23T21:00:01Z', null],
    [
      'of a week',
      rotation(),
      '2026-10-12T06:30:00Z',
      ['2026-10-12T06:00:00Z', '2026-10-05T06:00:00Z', 'U0ANA', 'U0BEN'],
    ],
    [
      'at which nobody follows',
      rotation({ restrict: officeHours }),
      '2026-11-06T17:30:00Z',
      ['2026-11-06T17:00:00Z', '2026-11-06T07:00:00Z', 'U0ANA', null],
    ],
    ['after hours without anybody', rotation({ restrict: officeHours }), '2026-11-06T07:30:00Z', null],
    ['of a person alone', rotation({ users: ['U0ANA'] }), '2026-10-12T06:30:00Z', null],
  ] as const)('%s', (_, schedule, now, expected) => {
    const end = findShiftEnd(schedule, at(now), 2 * hour);
    const seen = end && [end.at.toISOString(), end.began.toISOString(), end.from, end.to];
    expect(seen).toEqual(expected && expected.map((one) => one?.replace(/00Z$/, '00.000Z') ?? null));
  });

  test('is a moment at which another person takes over, whatever the turns, hours and overrides', () => {
    const schedules = fc.record({
      everyMs: fc.integer({ min: 1, max: 40 }).map((n) => n * hour),
      restrict: fc.constantFrom(null, officeHours),
      overrides: fc.constantFrom(
        [],
        [{ from: wall('2026-11-04T03:00'), until: wall('2026-11-04T15:00'), user: 'U0CAI' }],
      ),
      users: fc.constantFrom(['U0ANA', 'U0BEN'], ['U0ANA', 'U0BEN', 'U0CAI'], ['U0ANA']),
    });
    const moments = fc
      .integer({ min: 0, max: 14 * 24 * 60 })
      .map((n) => new Date(Date.UTC(2026, 10, 1) + n * 60_000));
    fc.assert(
      fc.property(schedules, moments, (changes, now) => {
        const schedule = rotation(changes);
        const end = findShiftEnd(schedule, now, 2 * hour);
        if (!end) return;
        const before = new Date(end.at.getTime() - 1);
        expect(now.getTime() - end.at.getTime()).toBeLessThanOrEqual(2 * hour);
        expect(whoIsOnCall(schedule, before).user).toBe(end.from);
        expect(whoIsOnCall(schedule, end.at).user).toBe(end.to);
        expect(end.to).not.toBe(end.from);
        expect(whoIsOnCall(schedule, end.began).user).toBe(end.from);
        expect(findShiftStart(schedule, before)).toEqual(end.began);
        expect(findShiftEnd(schedule, end.at, 0)).toEqual(end);
      }),
    );
  });
});

const policy = (name: string, schedule: string) => ({
  ...{ name, repeat: 0, repeatAfterMs: 0, quietHours: null },
  steps: [{ notify: [{ kind: 'schedule' as const, name: schedule }], afterMs: 0 }],
});
const rule = (region: string | null, by: string) => ({
  ...{ id: 'r', failure: null, device: null, group: null, region, policy: by },
});

test.each([
  ['the regions of its rules', [rule('eu', 'p'), rule('us', 'other')], ['eu', 'us'], ['eu']],
  ['those that a pattern fits', [rule('eu-*', 'p')], ['eu-1', 'eu-2', 'us'], ['eu-1', 'eu-2']],
  ['all where a rule limits none', [rule(null, 'p')], ['eu', 'us'], ['eu', 'us']],
  ['everything where the config names no regions', [rule(null, 'p')], [], [null]],
  ['none where no rule names it', [rule('eu', 'other')], ['eu'], []],
] as const)('a schedule is about %s', (_, rules, regions, expected) => {
  const policies = [policy('p', 'eu-primary'), policy('other', 'us-primary')];
  expect(regionsOfSchedule('eu-primary', { rules, policies }, regions)).toEqual(expected);
});

test('a shift of more than eight days is told about from then on', () => {
  const now = at('2026-11-20T12:00:00Z');
  expect(findShiftStart(rotation({ users: ['U0ANA'] }), now)).toEqual(new Date(now.getTime() - 8 * day));
});
