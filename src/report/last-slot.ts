import type { SlotPlan } from '../domain/report.ts';
import { atWall, readWall, type WallTime } from '../domain/zoned-time.ts';

/** More than a month: the last slot of every plan is among these days. */
const daysLookedBack = 33;
/** A bot that was down posts what it missed, but no old news. */
const latestMs = 12 * 60 * 60_000;

/**
 * The slot of a plan for which a report ought to be there by now: the last one that has passed, within 12 hours.
 * Where clocks skip that time it is as much later, where they show it twice the first of the two. null: none.
 */
export function findLastSlot(plan: SlotPlan, now: Date): Date | null {
  const today = readWall(now, plan.timeZone);
  for (let ago = 0; ago < daysLookedBack; ago += 1) {
    const day = { ...today, day: today.day - ago, hour: 0, minute: 0 };
    if (!isDayOf(plan, day)) continue;
    const hour = Math.floor(plan.atMinutes / 60);
    const slot = atWall({ ...day, hour, minute: plan.atMinutes % 60 }, plan.timeZone);
    if (slot <= now) return now.getTime() - slot.getTime() <= latestMs ? slot : null;
  }
  return null;
}

function isDayOf({ every, weekday }: SlotPlan, { year, month, day }: WallTime): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (every === 'month') return date.getUTCDate() === 1;
  return weekday === null || (date.getUTCDay() || 7) === weekday;
}
