import type { Override, RotationSchedule } from '../domain/paging.ts';
import type { Period } from '../domain/redistribution.ts';
import { atWall, readWall, type WallTime } from '../domain/zoned-time.ts';
import { hoursFrom } from './daily-hours.ts';

export interface OnCall {
  /** Slack user id; null: nobody. */
  readonly user: string | null;
  readonly reason: 'rotation' | 'override' | 'outside-hours';
  /** Nothing changes before this moment. */
  readonly until: Date;
}

/**
 * Who is on call at a moment (A19). Handovers are at the same time on the zone's clocks, whatever is done to
 * them; one that clocks skip comes as much later, one that they show twice comes the first time.
 */
export function whoIsOnCall(schedule: RotationSchedule, now: Date): OnCall {
  const turn = turnAt(schedule, now);
  const overrides = schedule.overrides.map((override) => ({
    ...periodOf(override, schedule.timeZone),
    user: override.user,
  }));
  const hours = schedule.restrict === null ? [] : hoursFrom(schedule.restrict, now);
  const until = firstAfter(now, [turn, ...overrides, ...hours]);
  const override = overrides.findLast((one) => contains(one, now));
  if (override) return { user: override.user, reason: 'override', until };
  if (schedule.restrict !== null && !hours.some((one) => contains(one, now))) {
    return { user: null, reason: 'outside-hours', until };
  }
  return { user: turn.user, reason: 'rotation', until };
}

/** The turn that a moment is in: guessed from what the clocks show, then put right where clocks were changed. */
function turnAt(schedule: RotationSchedule, now: Date): Period & { readonly user: string } {
  const { users, start, everyMs, timeZone } = schedule;
  let turn = Math.floor((onPaper(readWall(now, timeZone)) - onPaper(start)) / everyMs);
  while (handover(schedule, turn) > now) turn -= 1;
  while (handover(schedule, turn + 1) <= now) turn += 1;
  const user = users[((turn % users.length) + users.length) % users.length];
  if (user === undefined) throw new Error(`nobody takes turns in the schedule ${schedule.name}`);
  return { user, from: handover(schedule, turn), until: handover(schedule, turn + 1) };
}

/** When the turn with this number begins; 0 begins at `start`. */
function handover({ start, everyMs, timeZone }: RotationSchedule, turn: number): Date {
  return atWall({ ...start, minute: start.minute + (turn * everyMs) / 60_000 }, timeZone);
}

/** The time as if every day had 24 hours. */
function onPaper({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}

function periodOf({ from, until }: Override, timeZone: string): Period {
  return { from: atWall(from, timeZone), until: atWall(until, timeZone) };
}

function contains({ from, until }: Period, at: Date): boolean {
  return from <= at && at < until;
}

/** The first beginning or end after a moment; a turn has always one. */
function firstAfter(now: Date, periods: readonly Period[]): Date {
  const edges = periods.flatMap(({ from, until }) => [from.getTime(), until.getTime()]);
  return new Date(Math.min(...edges.filter((edge) => edge > now.getTime())));
}
