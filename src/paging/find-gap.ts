import type { EscalationStep, OnCallSchedule, RotationSchedule } from '../domain/paging.ts';
import type { Period } from '../domain/redistribution.ts';
import { atWall } from '../domain/zoned-time.ts';
import { whoIsOnCall } from './who-is-on-call.ts';

/** Hours come round every week; a change of clocks moves them by an hour at most. */
const searchedMs = 8 * 86_400_000;

/**
 * The first time at which a step reaches nobody because none of its schedules has anybody on call, looked for in the week
 * after all of its rotations have started. null: somebody is always reached.
 */
export function findGap(step: EscalationStep, schedules: readonly OnCallSchedule[]): Period | null {
  const rotations = restrictedRotations(step, schedules);
  if (rotations === null || rotations.length === 0) return null;
  const starts = rotations.map(({ start, timeZone }) => atWall(start, timeZone).getTime());
  const first = Math.max(...starts);
  let at = new Date(first);
  let from: Date | null = null;
  while (at.getTime() < first + searchedMs) {
    const onCall = rotations.map((rotation) => whoIsOnCall(rotation, at));
    const isReached = onCall.some(({ user }) => user !== null);
    if (isReached && from !== null) return { from, until: at };
    if (!isReached) from ??= at;
    at = new Date(Math.min(...onCall.map(({ until }) => until.getTime())));
  }
  return from && { from, until: at };
}

/** null: the step has a target that always reaches somebody (or one that is not known, which is a fault elsewhere). */
function restrictedRotations(
  step: EscalationStep,
  schedules: readonly OnCallSchedule[],
): readonly RotationSchedule[] | null {
  const rotations: RotationSchedule[] = [];
  for (const target of step.notify) {
    const schedule =
      target.kind === 'schedule' ? schedules.find(({ name }) => name === target.name) : undefined;
    if (schedule?.kind !== 'rotation' || schedule.restrict === null) return null;
    rotations.push(schedule);
  }
  return rotations;
}
