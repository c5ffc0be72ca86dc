import type { HealthPolicy } from '../domain/health.ts';
import type { Judgement } from './judge-intake.ts';

/** What is known of one kind of work, in ms; see `Standing` of the workflows. */
interface Work {
  readonly underWayMs: number | null;
  readonly sinceSuccessMs: number | null;
}

/**
 * Returns for how long the work has been stuck, in ms; `null` while it goes on. One piece of work may not take longer than
 * the policy allows.
 */
export function stuckForMs({ underWayMs }: Work, { stuckAfterMs }: HealthPolicy): number | null {
  return underWayMs !== null && underWayMs > stuckAfterMs ? underWayMs : null;
}

/**
 * Returns for how long nothing has been committed although work waited all that time, in ms; `null` while commits go on. In a
 * storm one batch may wait long while others are committed before it.
 */
export function uncommittedForMs(
  { underWayMs, sinceSuccessMs }: Work,
  { stuckAfterMs }: HealthPolicy,
): number | null {
  if (underWayMs === null) return null;
  const waitedMs = Math.min(underWayMs, sinceSuccessMs ?? Infinity);
  return waitedMs > stuckAfterMs ? waitedMs : null;
}

/** What is known of work that may be stuck in one of several bots. */
export interface WatchedWork {
  /** How long it has been stuck in this bot, in ms; `null` if it goes on. */
  readonly stuckForMs: number | null;
  /** When any bot last had success with it; `null` if none ever did. */
  readonly lastSuccessAt: Date | null;
  /** When the open incident was opened; `null` if there is none. */
  readonly openedAt: Date | null;
}

/**
 * Decides whether work that does not go on is a failure to tell. It is not while another bot on the same database has
 * success. Only a success ends the failure: a bot that has nothing to do knows nothing about the other one.
 */
export function judgeWork(
  { stuckForMs: stuckMs, lastSuccessAt, openedAt }: WatchedWork,
  reason: 'stuck' | 'not-counting',
  { stuckAfterMs }: HealthPolicy,
  now: Date,
): Judgement {
  if (stuckMs === null) {
    const isOver = openedAt !== null && lastSuccessAt !== null && lastSuccessAt > openedAt;
    return { verdict: isOver ? 'well' : 'undecided' };
  }
  const sinceSuccessMs = lastSuccessAt === null ? Infinity : now.getTime() - lastSuccessAt.getTime();
  if (sinceSuccessMs <= stuckAfterMs) return { verdict: 'undecided' };
  return { verdict: 'failed', reason, since: new Date(now.getTime() - stuckMs), detail: null };
}
