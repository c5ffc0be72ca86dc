import type { ProbePolicy } from '../domain/heartbeat.ts';
import type { ProbeRecord } from '../domain/store/heartbeats.ts';
import { isTimeUp } from '../domain/time-up.ts';
import { type Judgement, type Watch, isStarting } from './judge-intake.ts';

/**
 * Does the way of the mail work from its beginning to its end (A1)? Not while a probe mail is overdue and none that was
 * sent later has come back. `probes`: the newest first.
 */
export function judgeProbe(probes: readonly ProbeRecord[], policy: ProbePolicy, watch: Watch): Judgement {
  const returned = probes.find(({ returnedAt }) => returnedAt !== null);
  const missing = probes.filter((probe) => isOverdue(probe, policy, watch) && isAfter(probe, returned));
  const first = missing.at(-1);
  if (first === undefined) return { verdict: returned === undefined ? 'undecided' : 'well' };
  if (isStarting(watch)) return { verdict: 'undecided' };
  return { verdict: 'failed', reason: 'probe-lost', since: first.sentAt, detail: null };
}

/** Is it time for the next probe mail? */
export function isProbeDue(probes: readonly ProbeRecord[], { everyMs }: ProbePolicy, now: Date): boolean {
  const [newest] = probes;
  return newest === undefined || isTimeUp(new Date(newest.sentAt.getTime() + everyMs), now, everyMs);
}

function isOverdue({ sentAt, returnedAt }: ProbeRecord, { withinMs }: ProbePolicy, { now }: Watch): boolean {
  return returnedAt === null && sentAt.getTime() + withinMs < now.getTime();
}

function isAfter({ sentAt }: ProbeRecord, other: ProbeRecord | undefined): boolean {
  return other === undefined || sentAt > other.sentAt;
}
