import ICAL from 'ical.js';
import type { WallTime } from '../../domain/zoned-time.ts';
import { atWall } from '../../domain/zoned-time.ts';

/** A zone by its IANA name, for calendars that name one without describing it. */
class NamedZone extends ICAL.Timezone {
  readonly #name: string;

  constructor(name: string) {
    super({ tzid: name });
    this.#name = name;
  }

  /** How far the zone's clocks are ahead of UTC when they show this time, in seconds. */
  override utcOffset(time: ICAL.Time): number {
    const wall = wallOf(time);
    return Math.round((asUtcMs(wall) - atWall(wall, this.#name).getTime()) / 1000);
  }
}

/** Makes the zones that a calendar names known to the parser; what the calendar describes itself comes first there. */
export function registerZones(names: ReadonlySet<string>): void {
  for (const name of names) {
    if (!ICAL.TimezoneService.has(name) && isZone(name))
      ICAL.TimezoneService.register(new NamedZone(name), name);
  }
}

/** The moment of a calendar's time. One without a zone, and a whole day's begin, is meant in `timeZone`. */
export function toDate(time: ICAL.Time, timeZone: string): Date {
  const isFloating = time.zone === ICAL.Timezone.localTimezone;
  if (time.isDate || isFloating) return new Date(atWall(wallOf(time), timeZone).getTime() + secondsMs(time));
  return new Date((time.toUnixTime() - repeatedSeconds(time)) * 1000);
}

/**
 * Where clocks are set back a time comes twice; RFC 5545 means the first, the parser takes the second for zones that a
 * calendar describes. Clocks are set back by an hour, or by half of one.
 */
function repeatedSeconds(time: ICAL.Time): number {
  if (time.zone instanceof NamedZone) return 0;
  const offset = time.utcOffset();
  const isRepeated = (seconds: number) => {
    const before = time.clone();
    before.adjust(0, 0, 0, -seconds);
    return before.utcOffset() === offset + seconds;
  };
  return [3600, 1800].find(isRepeated) ?? 0;
}

function wallOf({ year, month, day, hour, minute, isDate }: ICAL.Time): WallTime {
  return { year, month, day, hour: isDate ? 0 : hour, minute: isDate ? 0 : minute };
}

function secondsMs({ isDate, second }: ICAL.Time): number {
  return isDate ? 0 : second * 1000;
}

function asUtcMs({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}
