import type { Person } from '../../domain/chat.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { codeSpan } from '../../messages/escape.ts';
import { mention, showTime } from '../../messages/wording.ts';
import type { Deps } from '../deps.ts';
import { type HeldLease, holdLease } from '../hold-lease.ts';

/** A lock that nobody renewed for so long was abandoned: no bot looks after its redistribution. */
const abandonedAfterMs = 10 * 60_000;

/**
 * Locks a server for a redistribution, or renews that lock (B12): two people can't redistribute the same server at once.
 * Answers null, or who does and since when, for people.
 */
export async function lockServer(
  deps: Deps,
  tx: Tx,
  { id, server }: Pick<RedistributionRecord, 'id' | 'server'>,
  owner: Person,
): Promise<string | null> {
  const held = await tx.takeServerLock({ server, redistributionId: id, owner }, abandonedAfterMs);
  if (!held) return null;
  const when = showTime(held.since, deps.policies.timeZone);
  return `${codeSpan(server)} is being redistributed already, by ${mention(held.owner.userId)} since ${when}.`;
}

/** Holds a running redistribution's lock until it is disposed of. */
export function keepLocked(deps: Deps, record: RedistributionRecord): HeldLease {
  return holdLease(deps, {
    name: `server ${record.server} for redistribution ${record.id}`,
    lengthMs: abandonedAfterMs,
    renew: async (tx) => (await lockServer(deps, tx, record, ownerOf(record))) === null,
  });
}

/** Whoever let it run. */
export function ownerOf({ decidedBy, requestedBy }: RedistributionRecord): Person {
  return decidedBy ?? requestedBy;
}
