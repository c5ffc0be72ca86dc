/** A date and time on the wall of a time zone; month and day count from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const dayMs = 86_400_000;
const quarterMs = 900_000;
const minuteMs = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of the zone show at that moment. Throws RangeError for a zone that nobody knows. */
export function readWall(at: Date, timeZone: string): WallTime {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  };
}

/**
 * The moment at which the zone's clocks show that time. Days beyond the month's end count on. Where clocks are set back the
 * first of the two; where they skip that time, as much later: a midnight that is skipped is the day's first moment.
 */
export function atWall(wall: WallTime, timeZone: string): Date {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  const before = asUtc - offsetAt(asUtc - dayMs, timeZone);
  const after = asUtc - offsetAt(asUtc + dayMs, timeZone);
  const shown = [before, after].filter((time) => time + offsetAt(time, timeZone) === asUtc);
  return new Date(shown.length > 0 ? Math.min(...shown) : before);
}

/** When a zone's clocks show a time: once, twice where they are set back, or never where they skip it. */
export interface WallMoments {
  /** Where clocks skip the time, both are the moment at which they do. */
  readonly first: Date;
  readonly last: Date;
  readonly isSkipped: boolean;
}

/** Returns when the zone's clocks show that time. Days beyond the month's end count on. */
export function momentsOfWall(wall: WallTime, timeZone: string): WallMoments {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  const before = asUtc - offsetAt(asUtc - dayMs, timeZone);
  const after = asUtc - offsetAt(asUtc + dayMs, timeZone);
  const shown = [before, after].filter((time) => time + offsetAt(time, timeZone) === asUtc);
  if (shown.length > 0) {
    const [first, last] = [new Date(Math.min(...shown)), new Date(Math.max(...shown))];
    return { first, last, isSkipped: false };
  }
  const change = new Date(findChange(Math.min(before, after), Math.max(before, after), timeZone));
  return { first: change, last: change, isSkipped: true };
}

/** The first moment after `from` and until `until` at which clocks are ahead of UTC by what they are at `until`. */
function findChange(from: number, until: number, timeZone: string): number {
  const wanted = offsetAt(until, timeZone);
  let [low, high] = [Math.floor(from / minuteMs), Math.ceil(until / minuteMs)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * minuteMs, timeZone) === wanted) high = middle;
    else low = middle;
  }
  return high * minuteMs;
}

/** Returns after how long clocks show the time of that moment again, in ms; 0: they do not. */
export type RepeatOf = (at: Date) => number;

/** Returns how a zone's times repeat, for many moments that are near each other. */
export function repeatsIn(timeZone: string): RepeatOf {
  const known = new Map<number, number>();
  return (at) => {
    // Clocks are changed at full quarters of an hour.
    const quarter = Math.floor(at.getTime() / quarterMs);
    const found = known.get(quarter) ?? repeatAfter(quarter * quarterMs, timeZone);
    if (known.size > 10_000) known.clear();
    known.set(quarter, found);
    return found;
  };
}

function repeatAfter(time: number, timeZone: string): number {
  const now = offsetAt(time, timeZone);
  const backMs = now - offsetAt(time + dayMs, timeZone);
  return backMs > 0 && offsetAt(time + backMs, timeZone) === now - backMs ? backMs : 0;
}

/** As `formatWall`, with how far clocks are ahead of UTC where they show that time twice: `2026-10-25 02:30 (+02:00)`. */
export function formatMoment(at: Date, timeZone: string): string {
  const wall = readWall(at, timeZone);
  const { first, last } = momentsOfWall(wall, timeZone);
  const ahead = first < last ? ` (${formatOffset(offsetAt(at.getTime(), timeZone))})` : '';
  return `${formatWall(wall)}${ahead}`;
}

function formatOffset(ms: number): string {
  const minutes = Math.abs(Math.round(ms / minuteMs));
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** `2026-11-20 14:30` */
export function formatWall({ year, month, day, hour, minute }: WallTime): string {
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** How far the zone's clocks are ahead of UTC at that moment, to the minute. */
function offsetAt(time: number, timeZone: string): number {
  const { year, month, day, hour, minute } = readWall(new Date(time), timeZone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(time / 60_000) * 60_000;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
