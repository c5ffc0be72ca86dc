import { RestageError } from '../domain/errors.ts';
import type { Period } from '../domain/redistribution.ts';
import { atWall, formatWall, readWall, type WallTime } from '../domain/zoned-time.ts';

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
 * Monday; the last day of a range belongs to it. `text` says the period in full.
 * @throws RestageError `period-invalid` with examples.
 */
export function parsePeriod(text: string, now: Date, timeZone: string): Period & { readonly text: string } {
  const wanted = text.trim().toLowerCase().replaceAll(/\s+/g, ' ') || 'since yesterday';
  const calendar: Calendar = { now, timeZone, today: { ...readWall(now, timeZone), hour: 0, minute: 0 } };
  const period = readRange(wanted, calendar) ?? readSince(wanted, calendar) ?? readNamed(wanted, calendar);
  if (!period) throw invalid(`I cannot read the period “${text.trim().slice(0, 80)}”.`);
  if (period.from >= period.until)
    throw invalid(`The period “${text.trim().slice(0, 80)}” ends before it starts.`);
  const show = (at: Date) => formatWall(readWall(at, timeZone));
  return { ...period, text: `${show(period.from)} to ${show(period.until)} (${timeZone})` };
}

function invalid(what: string): RestageError {
  return new RestageError(
    'period-invalid',
    `${what} Try: since yesterday, since 14:30, since monday, today, yesterday, last week, last month, last 3 days, since 2026-11-20, since 2026-11-20 14:30, 2026-11-20..2026-11-22.`,
  );
}

/** `DAY`, `DAY..DAY`, each with or without a time. */
function readRange(text: string, calendar: Calendar): Period | null {
  const ends = text.split(/ ?\.\. ?/);
  const from = readMoment(ends[0] ?? '', calendar);
  const until = readMoment(ends.at(-1) ?? '', calendar);
  if (!from || !until || ends.length > 2 || (ends.length === 1 && !from.wholeDay)) return null;
  return { from: from.start, until: until.end };
}

function readSince(text: string, calendar: Calendar): Period | null {
  if (!text.startsWith('since ')) return null;
  const from = readStart(text.slice('since '.length), calendar);
  return from && { from, until: calendar.now };
}

function readStart(text: string, calendar: Calendar): Date | null {
  const { now } = calendar;
  const weekday = weekdays.indexOf(text);
  if (weekday !== -1) return startOfDay(calendar, daysSince(calendar, weekday));
  const clock = clockPattern.exec(text);
  if (clock) {
    const hour = Number(clock[1]);
    const minute = Number(clock[2]);
    if (hour > 23 || minute > 59) return null;
    const today = startOfDay(calendar, 0, hour, minute);
    return today <= now ? today : startOfDay(calendar, 1, hour, minute);
  }
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

/** A day, with or without a time. Its end is the end of the day, or that time. */
function readMoment(
  text: string,
  { timeZone }: Calendar,
): { start: Date; end: Date; wholeDay: boolean } | null {
  const match = momentPattern.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map((part) => Number(part ?? 0));
  const wall = { year: year ?? 0, month: month ?? 0, day: day ?? 0, hour: hour ?? 0, minute: minute ?? 0 };
  if (!isCalendarDay(wall) || wall.hour > 23 || wall.minute > 59) return null;
  const start = atWall(wall, timeZone);
  const wholeDay = match[4] === undefined;
  return { start, end: wholeDay ? atWall({ ...wall, day: wall.day + 1 }, timeZone) : start, wholeDay };
}

function isCalendarDay({ year, month, day }: WallTime): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function startOfDay({ today, timeZone }: Calendar, daysAgo: number, hour = 0, minute = 0): Date {
  return atWall({ ...today, day: today.day - daysAgo, hour, minute }, timeZone);
}

function startOfMonth({ today, timeZone }: Calendar, monthsAgo: number): Date {
  return atWall({ ...today, month: today.month - monthsAgo, day: 1 }, timeZone);
}

/** Days since the last such weekday; today is 0. */
function daysSince({ today }: Calendar, weekday: number): number {
  return (new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay() - weekday + 7) % 7;
}
