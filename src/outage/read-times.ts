import { parseDuration } from '../domain/duration.ts';
import type { WallTime } from '../domain/zoned-time.ts';
import { atWall, momentsOfWall, readWall } from '../domain/zoned-time.ts';

/** When an outage is, as a person wrote it; `faults` says which of both texts can't be right, and why. */
export type ReadTimes =
  | { readonly from: Date; readonly until: Date }
  | { readonly faults: { readonly begin?: string; readonly end?: string } };

const longestMs = 366 * 86_400_000;
const momentForms = 'Write a time such as 22:00, or a day and a time such as 2026-11-20 22:00.';
const endForms = 'Write how long, such as 2h or 3d, or until when, such as 18:00 or 2026-11-20 18:00.';

/**
 * Reads the begin (empty: now) and the end (a duration, or a moment after the begin), both in the person's own time
 * zone. A time without a day means today's for the begin, and the first one after the begin for the end. Of a time that
 * clocks show twice an outage begins with the first and ends with the second.
 */
export function readTimes(begin: string, end: string, now: Date, timeZone: string): ReadTimes {
  const from =
    begin.trim() === '' || begin.trim() === 'now' ? now : readMoment(begin, now, timeZone, 'first');
  const lengthMs = parseDuration(end);
  const after = from ?? now;
  const until = lengthMs === null ? readEnd(end, after, timeZone) : new Date(after.getTime() + lengthMs);
  if (from === null) return { faults: { begin: momentForms, ...(until === null && { end: endForms }) } };
  if (until === null) return { faults: { end: endForms } };
  if (until <= from) return { faults: { end: 'It ends before it begins.' } };
  if (until <= now) return { faults: { end: 'It is over already.' } };
  if (until.getTime() - from.getTime() > longestMs) {
    return { faults: { end: 'An outage lasts a year at most.' } };
  }
  return { from, until };
}

function readEnd(text: string, from: Date, timeZone: string): Date | null {
  const until = readMoment(text, from, timeZone, 'last');
  if (until === null || until > from || text.includes('-')) return until;
  const day = readWall(from, timeZone);
  const noon = atWall({ ...day, day: day.day + 1, hour: 12, minute: 0 }, timeZone);
  return readMoment(text, noon, timeZone, 'last');
}

/** `22:00` on the day of `near`, or `2026-11-20 22:00`. */
function readMoment(text: string, near: Date, timeZone: string, which: 'first' | 'last'): Date | null {
  const [, year, month, day, hour, minute] =
    /^(?:(\d{4})-(\d\d)-(\d\d)[ t]+)?(\d\d?):(\d\d)$/i.exec(text.trim()) ?? [];
  if (hour === undefined || minute === undefined) return null;
  const date =
    year === undefined
      ? readWall(near, timeZone)
      : { year: Number(year), month: Number(month), day: Number(day) };
  const wall = {
    year: date.year,
    month: date.month,
    day: date.day,
    hour: Number(hour),
    minute: Number(minute),
  };
  return isOnTheCalendar(wall) ? momentsOfWall(wall, timeZone)[which] : null;
}

function isOnTheCalendar({ year, month, day, hour, minute }: WallTime): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
}
