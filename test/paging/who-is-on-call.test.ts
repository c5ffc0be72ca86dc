import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWall } from '../../src/domain/zoned-time.ts';
import { whoIsOnCall } from '../../src/paging/who-is-on-call.ts';
import { day, hour, officeHours, rotation, wall } from './schedules.ts';

describe('A19: who is on call', () => {
  test.each([
    ['in the first turn', '2026-10-05T06:00:00Z', 'U0ANA'],
    ['just before the handover', '2026-10-12T05:59:59Z', 'U0ANA'],
    ['at the handover', '2026-10-12T06:00:00Z', 'U0BEN'],
    ['before the start: turns are continued backwards', '2026-10-05T05:59:59Z', 'U0BEN'],
    ['the week before that', '2026-09-28T05:59:59Z', 'U0ANA'],
    ['at 8:00 of the summer’s clocks it is 6:00 UTC', '2026-10-19T06:00:00Z', 'U0ANA'],
    ['clocks were set back: 6:00 UTC is 7:00 now, no handover yet', '2026-10-26T06:30:00Z', 'U0ANA'],
    ['the handover is at 8:00 of the winter’s clocks', '2026-10-26T07:00:00Z', 'U0BEN'],
    ['clocks are set forward: still at 8:00', '2027-03-29T05:59:59Z', 'U0ANA'],
    ['and that is 6:00 UTC again', '2027-03-29T06:00:00Z', 'U0BEN'],
  ])('%s', (_, at, user) => {
    expect(whoIsOnCall(rotation(), new Date(at))).toMatchObject({ user, reason: 'rotation' });
  });

  const christmas = [
    { from: wall('2026-12-24T00:00'), until: wall('2026-12-28T00:00'), user: 'U0CAI' },
    { from: wall('2026-12-25T12:00'), until: wall('2026-12-25T18:00'), user: 'U0BOSS' },
  ];
  test.each([
    ['before it', '2026-12-23T22:59:59Z', 'U0ANA', 'rotation'],
    ['from midnight of the zone on', '2026-12-23T23:00:00Z', 'U0CAI', 'override'],
    ['an override over another one', '2026-12-25T11:00:00Z', 'U0BOSS', 'override'],
    ['and the first one again', '2026-12-25T17:00:00Z', 'U0CAI', 'override'],
    ['after it', '2026-12-27T23:00:00Z', 'U0ANA', 'rotation'],
  ])('an override: %s', (_, at, user, reason) => {
    const schedule = rotation({ overrides: christmas, start: wall('2026-10-12T08:00') });
    expect(whoIsOnCall(schedule, new Date(at))).toMatchObject({ user, reason });
  });

  const night = { ...officeHours, days: [5], fromMinute: 22 * 60, untilMinute: 6 * 60 };
  test.each([
    ['office hours', officeHours, '2026-11-06T16:59:59Z', 'U0ANA'],
    ['office hours are over', officeHours, '2026-11-06T17:00:00Z', null],
    ['a Saturday', officeHours, '2026-11-07T12:00:00Z', null],
    ['a night that begins on Friday', night, '2026-11-06T21:00:00Z', 'U0ANA'],
    ['belongs to Friday after midnight too', night, '2026-11-07T04:59:59Z', 'U0ANA'],
    ['and is over in the morning', night, '2026-11-07T05:00:00Z', null],
    ['the night from Saturday on is not in it', night, '2026-11-07T21:30:00Z', null],
    ['the morning of a Friday is not either', night, '2026-11-06T03:00:00Z', null],
  ])('a restriction: %s', (_, restrict, at, user) => {
    expect(whoIsOnCall(rotation({ restrict }), new Date(at)).user).toBe(user);
  });

  test('an override holds outside of office hours too', () => {
    const schedule = rotation({ restrict: officeHours, overrides: christmas });
    expect(whoIsOnCall(schedule, new Date('2026-12-26T20:00:00Z')).user).toBe('U0CAI');
  });

  test('says until when nothing changes: the end of office hours, then the next morning', () => {
    const schedule = rotation({ restrict: officeHours });
    const { until } = whoIsOnCall(schedule, new Date('2026-11-06T12:00:00Z'));
    expect(until).toEqual(new Date('2026-11-06T17:00:00Z'));
    expect(whoIsOnCall(schedule, until)).toMatchObject({
      user: null,
      reason: 'outside-hours',
      until: new Date('2026-11-09T07:00:00Z'),
    });
  });
});

describe('A19: any rotation', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
  const schedules = fc
    .record({
      timeZone: fc.constantFrom(...zones),
      everyMs: fc.integer({ min: 1, max: 24 * 14 }).map((hours) => hours * hour),
      people: fc.integer({ min: 1, max: 5 }),
      startHour: fc.integer({ min: 0, max: 23 }),
      startMinute: fc.integer({ min: 0, max: 59 }),
    })
    .map(({ people, startHour, startMinute, ...rest }) =>
      rotation({
        ...rest,
        start: { ...wall('2026-03-02T00:00'), hour: startHour, minute: startMinute },
        users: Array.from({ length: people }, (_, index) => `U${index}`),
      }),
    );
  const moments = fc
    .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) })
    .map((ms) => new Date(ms));

  test('has exactly one person on call at each moment, and nothing changes before the moment that is said', () => {
    fc.assert(
      fc.property(schedules, moments, fc.double({ min: 0, max: 1, noNaN: true }), (schedule, now, part) => {
        const onCall = whoIsOnCall(schedule, now);
        expect(schedule.users).toContain(onCall.user);
        expect(onCall.until.getTime()).toBeGreaterThan(now.getTime());
        const between = new Date(
          now.getTime() + Math.floor((onCall.until.getTime() - now.getTime() - 1) * part),
        );
        expect(whoIsOnCall(schedule, between)).toEqual(onCall);
      }),
    );
  });

  test('hands over to the next person, at the same time on the wall', () => {
    const daily = schedules.map((schedule) => ({
      ...schedule,
      everyMs: Math.ceil(schedule.everyMs / day) * day,
    }));
    // Clocks skip or repeat the hours of the night: a handover in them can't be at the same time every day.
    const byDay = daily.filter(({ start }) => start.hour >= 4);
    fc.assert(
      fc.property(byDay, moments, (schedule, now) => {
        const { user, until } = whoIsOnCall(schedule, now);
        const { hour: at, minute } = readWall(until, schedule.timeZone);
        expect([at, minute]).toEqual([schedule.start.hour, schedule.start.minute]);
        const next = (schedule.users.indexOf(user ?? '') + 1) % schedule.users.length;
        expect(whoIsOnCall(schedule, until).user).toBe(schedule.users[next]);
      }),
    );
  });
});
