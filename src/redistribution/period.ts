import { RestageError } from '../domain/errors.ts';
import type { Period } from '../domain/redistribution.ts';
import { formatMoment, formatWall, momentsOfWall, readWall, type WallTime } from '../domain/zoned-time.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const dayPattern = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const timePattern = String.raw`(\d\d?):(\d\d)`;
const momentPattern = new RegExp(`^${dayPattern}(?:[ t]+${timePattern})?$`);
const clockPattern = new RegExp(`^${timePattern}$`);

/** Reads times of one person's sentence: `now` and the time zone are the same for all of it. */
interface Calendar {
  readonly now: Date;
  readonly timeZone: string;
  readonly today: WallTime;
}

/**
 * A period as a person types it (B3), in the server's time zone; the empty text is `since yesterday`. Weeks start on
 * Monday; the last day of a range belongs to it. Of a time that clocks show twice a period begins with the first and ends
 * with the second; one that clocks skip is the moment at which they do. `text` says the period in full.
 * @throws RestageError `period-invalid` with examples.
 */
export function parsePeriod(text: string, now: Date, timeZone: string): Period & { readonly text: string } {
  const wanted = text.trim().toLowerCase().replaceAll(/\s+/g, ' ') || 'since yesterday';
  const calendar: Calendar = { now, timeZone, today: { ...readWall(now, timeZone), hour: 0, minute: 0 } };
  const period = readRange(wanted, calendar) ?? readSince(wanted, calendar) ?? readNamed(wanted, calendar);
  if (!period) throw invalid(`I cannot read the period “${text.trim().slice(0, 80)}”.`);
  if (period.from >= period.until) throw invalid(describeEmpty(text.trim().slice(0, 80), period, calendar));
  const show = (at: Date) => formatMoment(at, timeZone);
  return { ...period, text: `${show(period.from)} to ${show(period.until)} (${timeZone})` };
}

function describeEmpty(text: string, { from, until }: Period, { timeZone }: Calendar): string {
  const before = readWall(new Date(from.getTime() - 1), timeZone);
  const isSkip = from.getTime() === until.getTime() && !isNextMinute(before, readWall(from, timeZone));
  if (!isSkip) return `The period “${text}” ends before it starts.`;
  return `The period “${text}” is empty: that day the clocks of ${timeZone} go on from ${formatWall(before)} to ${formatMoment(from, timeZone)}.`;
}

function isNextMinute(a: WallTime, b: WallTime): boolean {
  const minutes = ({ year, month, day, hour, minute }: WallTime) =>
    Date.UTC(year, month - 1, day, hour, minute) / 60_000;
  return minutes(b) - minutes(a) === 1;
}

function invalid(what: string): RestageError {
  return new RestageError(
    'period-invalid',
    `${what} Try: since yesterday, since 14:30, since monday, today, yesterday, last week, last month, last 3 days, since 2026-11-20, since 2026-11-20 14:30, 2026-11-20..2026-11-22.`,
  );
}

/** `DAY`, `DAY..DAY`, each with or without a time. A time alone is of the range's first day, or of the last day that had it. */
function readRange(text: string, calendar: Calendar): Period | null {
  const [begin = '', ...ends] = text.split(/ ?\.\. ?/);
  const start = readMoment(begin, calendar) ?? readClockToday(begin, calendar);
  if (!start || ends.length > 1) return null;
  const end =
    ends[0] === undefined
      ? start
      : (readMoment(ends[0], calendar) ?? readClockOn(ends[0], start.day, calendar));
  return !end || (ends.length === 0 && !start.wholeDay) ? null : { from: start.start, until: end.end };
}

function readSince(text: string, calendar: Calendar): Period | null {
  if (!text.startsWith('since ')) return null;
  const from = readStart(text.slice('since '.length), calendar);
  return from && { from, until: calendar.now };
}

function readStart(text: string, calendar: Calendar): Date | null {
  const weekday = weekdays.indexOf(text);
  if (weekday !== -1) return startOfDay(calendar, daysSince(calendar, weekday));
  const clock = readClockToday(text, calendar);
  if (clock) return clock.start;
  return readMoment(text, calendar)?.start ?? readNamed(text, calendar)?.from ?? null;
}

function readNamed(text: string, calendar: Calendar): Period | null {
  const { now } = calendar;
  if (text === 'today') return { from: startOfDay(calendar, 0), until: now };
  if (text === 'yesterday') return { from: startOfDay(calendar, 1), until: startOfDay(calendar, 0) };
  if (text === 'last week') {
    const monday = daysSince(calendar, 1);
    return { from: startOfDay(calendar, monday + 7), until: startOfDay(calendar, monday) };
  }
  if (text === 'last month') return { from: startOfMonth(calendar, 1), until: startOfMonth(calendar, 0) };
  const [, count, unit] = /^last (\d{1,3}) (hour|day|week)s?$/.exec(text) ?? [];
  if (!count || !unit) return null;
  if (unit === 'hour') return { from: new Date(now.getTime() - Number(count) * 3_600_000), until: now };
  return { from: startOfDay(calendar, Number(count) * (unit === 'week' ? 7 : 1)), until: now };
}

interface Moment {
  readonly day: WallTime;
  /** The first moment that shows it. */
  readonly start: Date;
  /** The end of the day, or the last moment that shows that time. */
  readonly end: Date;
  readonly wholeDay: boolean;
}

/** A day, with or without a time. */
function readMoment(text: string, calendar: Calendar): Moment | null {
  const wall = readWallText(text);
  if (!wall) return null;
  if (text.includes(':')) return momentOf(wall, calendar);
  const { first: start } = momentsOfWall(wall, calendar.timeZone);
  return { day: wall, start, end: startOfDay({ ...calendar, today: wall }, -1), wholeDay: true };
}

function momentOf(day: WallTime, { timeZone }: Calendar): Moment {
  const { first, last } = momentsOfWall(day, timeZone);
  return { day, start: first, end: last, wholeDay: false };
}

/** A time of that day. */
function readClockOn(text: string, day: WallTime, calendar: Calendar): Moment | null {
  const clock = clockPattern.exec(text);
  const [hour, minute] = [Number(clock?.[1]), Number(clock?.[2])];
  return clock && hour < 24 && minute < 60 ? momentOf({ ...day, hour, minute }, calendar) : null;
}

/** A time of today, or of yesterday if it is still to come. */
function readClockToday(text: string, calendar: Calendar): Moment | null {
  const { now, today } = calendar;
  const ofToday = readClockOn(text, today, calendar);
  if (!ofToday || ofToday.start <= now) return ofToday;
  return readClockOn(text, { ...today, day: today.day - 1 }, calendar);
}

function readWallText(text: string): WallTime | null {
  const match = momentPattern.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const wall = { year, month, day, hour, minute };
  return isCalendarDay(wall) && hour < 24 && minute < 60 ? wall : null;
}

function isCalendarDay({ year, month, day }: WallTime): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function startOfDay({ today, timeZone }: Calendar, daysAgo: number): Date {
  return momentsOfWall({ ...today, day: today.day - daysAgo, hour: 0, minute: 0 }, timeZone).first;
}

function startOfMonth({ today, timeZone }: Calendar, monthsAgo: number): Date {
  return momentsOfWall({ ...today, month: today.month - monthsAgo, day: 1 }, timeZone).first;
}

/** Days since the last such weekday; today is 0. */
function daysSince({ today }: Calendar, weekday: number): number {
  return (new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay() - weekday + 7) % 7;
}
