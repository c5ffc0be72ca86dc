import type { Recurring } from '../domain/recurring.ts';
import { readWall, type WallTime } from '../domain/zoned-time.ts';

const dayMs = 86_400_000;
/** Failures are looked at from so long ago on, in ms: four weeks, and a day for the one that is not over. */
export const recurringWithinMs = 29 * dayMs;

/** How many nights or days are looked at, the fewest first. */
const spans = [5, 7] as const;
const weeks = 4;
/** How many of them make a problem one that recurs. */
const leastFailed = 3;
/** What fails without a break of this length does not fail again: it goes on failing. */
const pauseMs = 4 * 3_600_000;
const evening = 20;
const morning = 8;

/** A failure by the calendar: which night or day it belongs to, counted from 1970-01-01. */
interface Dated {
  readonly at: number;
  readonly isAtNight: boolean;
  readonly night: number;
  readonly day: number;
}

/**
 * Decides whether a problem fails again and again by the clocks of its zone; `null` if it does not. A night lasts from noon
 * to noon, so that a job around midnight fails once in it; what fails by day too is counted by calendar days. The night or
 * day that is not over counts once it has failed in it.
 */
export function decideRecurring(failures: readonly Date[], now: Date, timeZone: string): Recurring | null {
  const dated = failures.filter((at) => at <= now).map((at) => dateOf(at, timeZone));
  const today = dateOf(now, timeZone);
  const isNightOver = !today.isAtNight && today.night < today.day;
  for (const span of spans) {
    const nights = lastOf(dated, 'night', span, today.night, isNightOver);
    const isByNight = nights.every(({ isAtNight }) => isAtNight);
    const every = isByNight ? 'night' : 'day';
    const counted = isByNight ? nights : lastOf(dated, 'day', span, today.day, false);
    const failed = new Set(counted.map((one) => one[every])).size;
    if (failed >= leastFailed && comesAgain(counted)) return { failed, of: span, every, weekday: null };
  }
  return decideWeekly(dated, today);
}

/** The failures of the last nights or days. */
function lastOf(
  dated: readonly Dated[],
  every: Recurring['every'],
  span: number,
  current: number,
  isOver: boolean,
): readonly Dated[] {
  const last = isOver || dated.some((one) => one[every] === current) ? current : current - 1;
  return dated.filter((one) => one[every] > last - span && one[every] <= last);
}

/** On a weekday of the last seven, in most of the last weeks, and seldom on others. */
function decideWeekly(dated: readonly Dated[], today: Dated): Recurring | null {
  for (const every of ['night', 'day'] as const) {
    const all = new Set(dated.map((one) => one[every]));
    for (const last of [...all].filter((one) => one > today[every] - 7)) {
      const same = dated.filter((one) => (last - one[every]) % 7 === 0 && last - one[every] < weeks * 7);
      if (every === 'night' && !same.every(({ isAtNight }) => isAtNight)) continue;
      const failed = new Set(same.map((one) => one[every])).size;
      // 1970-01-01 was a Thursday.
      if (failed >= leastFailed && failed * 2 > all.size)
        return { failed, of: weeks, every, weekday: (last + 4) % 7 };
    }
  }
  return null;
}

function comesAgain(dated: readonly Dated[]): boolean {
  const times = dated.map(({ at }) => at).toSorted((a, b) => a - b);
  const pauses = times.filter((at, index) => at - (times[index - 1] ?? at) >= pauseMs);
  return pauses.length >= leastFailed - 1;
}

function dateOf(at: Date, timeZone: string): Dated {
  const wall = readWall(at, timeZone);
  const day = dayNumber(wall);
  const isAtNight = wall.hour >= evening || wall.hour < morning;
  return { at: at.getTime(), isAtNight, day, night: wall.hour < 12 ? day - 1 : day };
}

function dayNumber({ year, month, day }: WallTime): number {
  return Date.UTC(year, month - 1, day) / dayMs;
}
