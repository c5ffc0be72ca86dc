import type { HoldSchedule } from '../domain/ticket-policy.ts';
import { atWall, readWall, type WallTime } from '../domain/zoned-time.ts';

/** A day more than a week, so that the next weekly slot is always among them; one before, for zones ahead of UTC. */
const daysLookedAt = 9;

/** No slot is further ahead: a week, and an hour where clocks are set back in it; in ms. */
export const longestSlotWaitMs = 7 * 86_400_000 + 3_600_000;

/**
 * When the next digest of a schedule goes out (A15): the first of its wall times after `now`. Where clocks skip
 * that time it goes out as much later, where they show it twice at the first of the two.
 */
export function nextSlot(schedule: HoldSchedule, now: Date): Date {
  const today = readWall(now, schedule.timeZone);
  const slots = Array.from({ length: daysLookedAt }, (_, ahead) => dayAfter(today, ahead))
    .filter((day) => schedule.weekday === null || weekdayOf(day) === schedule.weekday)
    .flatMap((day) => schedule.atMinutes.map((minutes) => slotOf(day, minutes, schedule.timeZone)))
    .filter((slot) => slot > now.getTime());
  return new Date(Math.min(...slots));
}

function slotOf(day: WallTime, minutes: number, timeZone: string): number {
  const wall = { ...day, hour: Math.floor(minutes / 60), minute: minutes % 60 };
  return atWall(wall, timeZone).getTime();
}

function dayAfter({ year, month, day }: WallTime, ahead: number): WallTime {
  const date = new Date(Date.UTC(year, month - 1, day + ahead));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: 0,
    minute: 0,
  };
}

/** 1 is Monday, 7 is Sunday. */
function weekdayOf({ year, month, day }: WallTime): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
}
