import type { DailyHours } from '../domain/paging.ts';
import type { Period } from '../domain/redistribution.ts';
import { atWall, readWall, type WallTime } from '../domain/zoned-time.ts';

/** Hours that come round after at most a week, begun at most a day before. */
const daysAhead = 8;

/** The stretches of these hours that end after a moment, until a week later, in order. */
export function hoursFrom(hours: DailyHours, at: Date): readonly Period[] {
  const today: WallTime = { ...readWall(at, hours.timeZone), hour: 0, minute: 0 };
  const stretches = Array.from({ length: daysAhead + 2 }, (_, index) =>
    stretchOf(hours, { ...today, day: today.day + index - 1 }),
  );
  return stretches.filter((stretch) => stretch !== null && stretch.until > at) as Period[];
}

/** The stretch that a moment is in; null: in none. */
export function hoursAt(hours: DailyHours, at: Date): Period | null {
  return hoursFrom(hours, at).find(({ from }) => from <= at) ?? null;
}

function stretchOf({ timeZone, days, fromMinute, untilMinute }: DailyHours, day: WallTime): Period | null {
  const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
  if (!days.includes(weekday)) return null;
  const last = untilMinute <= fromMinute ? { ...day, day: day.day + 1 } : day;
  const from = atWall({ ...day, minute: fromMinute }, timeZone);
  const until = atWall({ ...last, minute: untilMinute }, timeZone);
  return from < until ? { from, until } : null;
}
