import { z } from 'zod';
import type { DailyHours } from '../domain/paging.ts';
import { field } from './fields.ts';

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** `22:00` → minutes after midnight; `24:00` is the day's end. */
export function timeOfDay(example: string) {
  return field({ must: "a time such as '08:00', in quotes", example }, (value) => {
    const [, hour, minute] = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(String(value)) ?? [];
    const minutes = hour === undefined ? Infinity : Number(hour) * 60 + Number(minute);
    return minutes <= 1440 ? minutes : null;
  });
}

/** `mon`, `mon-fri`, `sat-sun` (over the week's end too) → the days' numbers, Sunday being 0. */
const days = field(
  { must: 'a list of days or ranges of days (mon, tue, …, mon-fri)', example: '[mon-fri]' },
  (value) => {
    if (!Array.isArray(value) || value.length === 0) return null;
    const ranges = value.map(readDays);
    return ranges.includes(null) ? null : [...new Set(ranges.flatMap((range) => range ?? []))];
  },
);

function readDays(value: unknown): readonly number[] | null {
  const ends = String(value).toLowerCase().split('-');
  const [from = -1, until = from] = ends.map((day) => weekdays.indexOf(day));
  if (ends.length > 2 || from < 0 || until < 0) return null;
  return Array.from({ length: ((until - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

export const everyDay = [0, 1, 2, 3, 4, 5, 6];

/** Hours of days; without any key, always. */
export const dailyHours = z.strictObject({
  days: days.default(everyDay),
  from: timeOfDay("'08:00'").default(0),
  until: timeOfDay("'18:00'").default(1440),
});

export function toDailyHours(
  { days: on, from, until }: z.output<typeof dailyHours>,
  zone: string,
): DailyHours {
  return { timeZone: zone, days: on, fromMinute: from, untilMinute: until };
}
