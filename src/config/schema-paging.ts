import { z } from 'zod';
import type { OnCallSchedule, PageTarget } from '../domain/paging.ts';
import type { WallTime } from '../domain/zoned-time.ts';
import { duration, field, name, text, timeZone, wholeNumber } from './fields.ts';
import { dailyHours, everyDay, timeOfDay, toDailyHours } from './schema-hours.ts';

const userId = () => text("a Slack user's id", 'U024BE7LH', /^[UW][A-Z0-9]+$/);

/** `2026-11-02T08:00`, or a day alone: then its midnight, or as an end the midnight after it. */
function wallTime(example: string, dayAlone: 'starts' | 'ends') {
  const rule = { must: 'a day such as 2026-12-24, or a day with a time such as 2026-12-24T08:00', example };
  return field<WallTime>(rule, (value) => {
    const [, year, month, day, hour, minute] =
      /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?$/.exec(String(value)) ?? [];
    const wall = {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour ?? 0),
      minute: Number(minute ?? 0),
    };
    if (!isOnCalendar(wall)) return null;
    return hour === undefined && dayAlone === 'ends' ? { ...wall, day: wall.day + 1 } : wall;
  });
}

function isOnCalendar({ year, month, day, hour, minute }: WallTime): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1970 && date.getUTCMonth() === month - 1 && hour < 24 && minute < 60;
}

const rotation = z.strictObject({
  every: duration('1w', { min: '1h' }),
  start: wallTime('2026-11-02T08:00', 'starts'),
  users: z.array(userId()),
});

const override = z.strictObject({
  from: wallTime('2026-12-24', 'starts'),
  until: wallTime('2026-12-27', 'ends'),
  user: userId(),
});

/** Has either `rotation` or `userGroup`: the cross-checks see to that. */
const schedule = z.strictObject({
  timeZone: timeZone().optional(),
  rotation: rotation.optional(),
  overrides: z.array(override).default([]),
  restrict: dailyHours.nullable().default(null),
  userGroup: text("a Slack user group's id", 'S0123ABCD', /^S[A-Z0-9]+$/).optional(),
});

/** Schedules by name; the zone is for those that name none. */
export const onCallSchema = z
  .strictObject({ schedules: z.record(z.string(), schedule).default({}) })
  .prefault({})
  .transform(
    ({ schedules }) =>
      (zone: string) =>
        Object.entries(schedules).flatMap(([key, one]) => toSchedule(key, one, zone)),
  );

function toSchedule(key: string, from: z.output<typeof schedule>, inZone: string): OnCallSchedule[] {
  const { rotation: turns, userGroup, overrides, restrict, timeZone: zone = inZone } = from;
  if (userGroup !== undefined) return [{ kind: 'group', name: key, userGroup }];
  if (turns === undefined) return [];
  const { every, start, users } = turns;
  const hours = restrict && toDailyHours(restrict, zone);
  return [
    { kind: 'rotation', name: key, timeZone: zone, everyMs: every, start, users, overrides, restrict: hours },
  ];
}

const target = field<PageTarget>(
  { must: "a schedule's name, user:ID or channel:NAME", example: 'user:U024BE7LH' },
  (value) => (typeof value === 'string' ? readTarget(value) : null),
);

function readTarget(value: string): PageTarget | null {
  if (/^user:[UW][A-Z0-9]+$/.test(value)) return { kind: 'user', userId: value.slice('user:'.length) };
  const channel = /^channel:#?([^\s#]{1,80})$/.exec(value)?.[1];
  if (channel !== undefined) return { kind: 'channel', channel };
  return /^[^\s:]+$/.test(value) ? { kind: 'schedule', name: value } : null;
}

const step = z
  .strictObject({ notify: z.array(target), after: duration('10m').default(0) })
  .transform(({ notify, after }) => ({ notify, afterMs: after }));

const quietHours = z.strictObject({
  timeZone: timeZone().optional(),
  from: timeOfDay("'22:00'"),
  until: timeOfDay("'06:00'"),
  except: z.array(name('access')).default([]),
});

const policy = z.strictObject({
  steps: z.array(step),
  repeat: wholeNumber({ min: 0, max: 20 }, '2').default(0),
  repeatAfter: duration('10m', { min: '1m' }).default(600_000),
  quietHours: quietHours.nullable().default(null),
});

const matcher = z
  .strictObject({
    region: text("a region's name", 'eu').nullable().default(null),
    failure: name('connection').nullable().default(null),
    device: text("a device's name, * for any part of it", 'client-*').nullable().default(null),
    group: text("a device group's name", 'edge').nullable().default(null),
  })
  .prefault({});

const rule = z.strictObject({ match: matcher, policy: text("a policy's name", 'eu-default') });

/** Escalation policies by name, and which tickets they are for. */
export const pagingSchema = z
  .strictObject({
    policies: z.record(z.string(), policy).default({}),
    rules: z.array(rule).default([]),
  })
  .prefault({})
  .transform(({ policies, rules }) => (inZone: string) => ({
    policies: Object.entries(policies).map(([key, { repeatAfter, quietHours: quiet, ...rest }]) => ({
      ...rest,
      name: key,
      repeatAfterMs: repeatAfter,
      quietHours: quiet && {
        hours: toDailyHours({ ...quiet, days: everyDay }, quiet.timeZone ?? inZone),
        except: quiet.except,
      },
    })),
    rules: rules.map(({ match, policy: wanted }, index) => ({
      id: `paging.rules[${index}]`,
      ...match,
      policy: wanted,
    })),
  }));
