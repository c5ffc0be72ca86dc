import { atWall, readWall, type WallTime } from './zoned-time.ts';

/** When something is done by itself. */
export interface SlotPlan {
  readonly every: 'day' | 'week' | 'month';
  /** 1 is Monday, 7 is Sunday; null unless it is weekly. What is done monthly is done on the first. */
  readonly weekday: number | null;
  /** Minutes after midnight, in the time zone. */
  readonly atMinutes: number;
  readonly timeZone: string;
}

/** More than a month: the last slot of every plan is among these days. */
const daysLookedBack = 33;
/** A bot that was down does what it missed, but nothing that is long over. */
const latestMs = 12 * 60 * 60_000;

/**
 * The slot of a plan that ought to have been taken by now: the last one that has passed, within 12 hours.
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
