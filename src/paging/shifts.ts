import { matchesGlob } from '../domain/glob.ts';
import type { PagingPolicy, RotationSchedule } from '../domain/paging.ts';
import { whoIsOnCall } from './who-is-on-call.ts';

/** A person stops being on call. */
export interface ShiftEnd {
  readonly at: Date;
  readonly began: Date;
  /** Slack user ids; `to` is `null` if nobody follows. */
  readonly from: string;
  readonly to: string | null;
}

const dayMs = 86_400_000;
/** A shift that is longer is told about from then on. */
const longestShiftMs = 8 * dayMs;

/** Returns the last end of a shift within `latestMs` before a moment, the moment included; `null` if there is none. */
export function findShiftEnd(schedule: RotationSchedule, now: Date, latestMs: number): ShiftEnd | null {
  let last: Omit<ShiftEnd, 'began'> | null = null;
  for (let at = new Date(now.getTime() - latestMs - 1); ; ) {
    const { user: from, until } = whoIsOnCall(schedule, at);
    if (until > now) break;
    const to = whoIsOnCall(schedule, until).user;
    if (from !== null && to !== from) last = { at: until, from, to };
    at = until;
  }
  return last && { ...last, began: findShiftStart(schedule, new Date(last.at.getTime() - 1)) };
}

/** Returns since when whoever is on call at a moment is so, at most eight days before. */
export function findShiftStart(schedule: RotationSchedule, now: Date): Date {
  const { user } = whoIsOnCall(schedule, now);
  let began = new Date(now.getTime() - longestShiftMs);
  for (let at = began; at <= now; ) {
    const current = whoIsOnCall(schedule, at);
    if (current.user !== user) began = current.until;
    at = current.until;
  }
  return began;
}

/**
 * Lists the regions about whose tickets a schedule's people are paged. `[null]` if the config names no regions, and its
 * people are paged about any.
 */
export function regionsOfSchedule(
  name: string,
  { rules, policies }: Pick<PagingPolicy, 'rules' | 'policies'>,
  regions: readonly string[],
): readonly (string | null)[] {
  const told = new Set(
    policies
      .filter(({ steps }) =>
        steps.some(({ notify }) => notify.some((one) => one.kind === 'schedule' && one.name === name)),
      )
      .map((policy) => policy.name),
  );
  const wanted = rules.filter(({ policy }) => told.has(policy)).map(({ region }) => region);
  if (regions.length === 0) return wanted.includes(null) ? [null] : [];
  return regions.filter((region) => wanted.some((one) => one === null || matchesGlob(region, one)));
}
