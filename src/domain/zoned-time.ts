/** A date and time on the wall of a time zone; month and day count from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const dayMs = 86_400_000;
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
