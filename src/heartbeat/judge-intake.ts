import type { HeartbeatPolicy, IncidentReason } from '../domain/heartbeat.ts';
import type { IntakeHealth } from '../domain/intake.ts';
import type { HeartbeatRecord } from '../domain/store/heartbeats.ts';
import { isTimeUp } from '../domain/time-up.ts';

/** What to think of an intake; `undecided` changes nothing about what was said before. */
export type Judgement =
  | { readonly verdict: 'well' | 'undecided' }
  | {
      readonly verdict: 'failed';
      readonly reason: IncidentReason;
      readonly since: Date;
      readonly detail: string | null;
    };

export interface Watch {
  readonly now: Date;
  /** Since when this bot runs: it can't have seen anything before. */
  readonly startedAt: Date;
}

/** A bot that has just started first reads what waited for it. */
const startGraceMs = 60_000;

export function isStarting({ now, startedAt }: Watch): boolean {
  return !isTimeUp(new Date(startedAt.getTime() + startGraceMs), now, startGraceMs);
}

/**
 * Has a mailbox stopped delivering, has a listener failed (A1)? Away for longer than the policy bears, or without mail
 * for longer than it expects some. Time in which no bot ran does not count as away.
 */
export function judgeIntake(
  health: IntakeHealth,
  records: readonly HeartbeatRecord[],
  policy: HeartbeatPolicy,
  watch: Watch,
): Judgement {
  const own = records.find(({ intake }) => intake === health.intake);
  const watchedSince = own?.watchedSince ?? watch.now;
  if (!health.connected) {
    const since = latest(own?.lastConnectedAt ?? watchedSince, watch.startedAt);
    if (ageMs(since, watch) <= policy.disconnectedAfterMs) return { verdict: 'undecided' };
    const reason = health.kind === 'listener' ? 'listener-failed' : 'disconnected';
    return { verdict: 'failed', reason, since, detail: health.detail };
  }
  const expectWithinMs = policy.expectWithinMs.get(health.intake);
  if (expectWithinMs === undefined) return { verdict: 'well' };
  const since = lastMailOf(health.intake, records) ?? watchedSince;
  if (ageMs(since, watch) <= expectWithinMs) return { verdict: 'well' };
  return isStarting(watch)
    ? { verdict: 'undecided' }
    : { verdict: 'failed', reason: 'silent', since, detail: null };
}

/** A listener's senders are noted one by one: `http:ops` is a part of `http`. */
function lastMailOf(intake: string, records: readonly HeartbeatRecord[]): Date | null {
  const times = records
    .filter((record) => record.intake === intake || record.intake.startsWith(`${intake}:`))
    .map(({ lastMailAt }) => lastMailAt)
    .filter((time) => time !== null);
  return times.length === 0 ? null : times.reduce(latest);
}

export function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function ageMs(since: Date, { now }: Watch): number {
  return now.getTime() - since.getTime();
}
