import { atWall, readWall } from './zoned-time.ts';

/** Reads times that are written in one way. */
export interface ReadClock {
  /**
   * Returns the time; of two that are written alike, as clocks were set back, the first. Returns `null` for a text that is no time. `before` is
   * a moment before which it is.
   */
  (text: string, timeZone: string, before: Date): Date | null;
  /** Whether times are of a zone's clocks, which may show one twice; otherwise they state their offset. */
  readonly isLocal: boolean;
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const dayMs = 86_400_000;

/** What stands for a part of a time, longest first; each matches text that ends by itself. */
const tokens: Readonly<Record<string, string>> = {
  YYYY: String.raw`(?<year>\d{4})`,
  MMM: '(?<monthName>[A-Za-z]{3})',
  SSS: String.raw`(?<fraction>\d{1,9})`,
  MM: String.raw`(?<month>\d\d)`,
  DD: String.raw`(?<day>[ \d]\d)`,
  HH: String.raw`(?<hour>\d\d)`,
  hh: String.raw`(?<hour>\d\d)`,
  mm: String.raw`(?<minute>\d\d)`,
  ss: String.raw`(?<second>\d\d)`,
  M: String.raw`(?<month>\d{1,2})`,
  D: String.raw`(?<day>\d{1,2})`,
  H: String.raw`(?<hour>\d{1,2})`,
  h: String.raw`(?<hour>\d{1,2})`,
  A: '(?<half>[AaPp][Mm])',
  Z: String.raw`(?<offset>Z|[+-]\d\d:?\d\d)`,
  X: String.raw`(?<epoch>\d{9,11}(?:\.\d+)?)`,
};
const tokenPattern = new RegExp(Object.keys(tokens).join('|'), 'g');

/** Why nobody can read times by this format; null: it will do. A date needs a month and a day. */
export function findFormatFault(format: string): string | null {
  const names = (format.match(tokenPattern) ?? []).map((token) => token.replace(/^(.).*$/, '$1'));
  if (names.includes('X')) return null;
  if (new Set(names).size < names.length) return 'has a part twice';
  const missing = ['M', 'D', 'm'].filter((name) => !names.includes(name));
  if (missing.length > 0) return 'lacks the month, the day or the minutes';
  const has = (name: string) => names.includes(name);
  return has('H') === has('h') || has('h') !== has('A') ? 'needs hours, as HH or with A as hh' : null;
}

/**
 * A reader for a format such as `YYYY-MM-DD HH:mm:ss`: YYYY, MM or M or MMM (`Nov`), DD or D, HH or H, or hh or h with A (AM,
 * PM), mm, ss, SSS (a fraction), Z (an offset), X (seconds since 1970); other characters are themselves. Without a year
 * it is the last such day before `before`.
 */
export function compileClock(format: string): ReadClock {
  const source = format
    .split(/(YYYY|MMM|SSS|MM|DD|HH|hh|mm|ss|M|D|H|h|A|Z|X)/)
    .map((part) => tokens[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`))
    .join('');
  const pattern = new RegExp(`^${source}$`);
  const zones = new Map<string, number>();
  const read = (text: string, timeZone: string, before: Date) => {
    const parts = pattern.exec(text)?.groups;
    return parts ? readParts(parts, timeZone, before, zones) : null;
  };
  return Object.assign(read, { isLocal: !/\(\?<(?:offset|epoch)>/.test(source) });
}

type Parts = Readonly<Record<string, string | undefined>>;

function readParts(parts: Parts, timeZone: string, before: Date, zones: Map<string, number>): Date | null {
  if (parts['epoch'] !== undefined) return new Date(Number(parts['epoch']) * 1000);
  const month = parts['monthName']
    ? months.indexOf(parts['monthName'].toLowerCase()) + 1
    : Number(parts['month']);
  const [day, hour, minute] = [Number(parts['day']), readHour(parts), Number(parts['minute'])];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59) return null;
  const within =
    Number(parts['second'] ?? 0) * 1000 + Math.floor(Number(`0.${parts['fraction'] ?? 0}`) * 1000);
  const at = (year: number) =>
    new Date(toTime({ year, month, day, hour, minute }, parts['offset'], timeZone, zones) + within);
  if (parts['year'] !== undefined) return at(Number(parts['year']));
  const { year } = readWall(before, timeZone);
  const thisYear = at(year);
  return thisYear.getTime() <= before.getTime() + dayMs ? thisYear : at(year - 1);
}

function readHour({ hour, half }: Parts): number {
  if (half === undefined) return Number(hour);
  return (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

type Wall = Parameters<typeof atWall>[0];

function toTime(
  wall: Wall,
  offset: string | undefined,
  timeZone: string,
  zones: Map<string, number>,
): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  if (offset !== undefined) return asUtc - readOffset(offset);
  // What clocks show is dear to find out, and lines of one quarter of an hour share it.
  const quarter = `${timeZone} ${Math.floor(asUtc / 900_000)}`;
  let ahead = zones.get(quarter);
  if (ahead === undefined) {
    ahead = asUtc - atWall(wall, timeZone).getTime();
    if (zones.size > 10_000) zones.clear();
    zones.set(quarter, ahead);
  }
  return asUtc - ahead;
}

function readOffset(text: string): number {
  if (text === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
