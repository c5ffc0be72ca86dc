import type { Outage, OutageTarget } from '../domain/outage.ts';
import { isSameTarget } from './targets.ts';

/** What a source announces of one outage. */
export interface AnnouncedOutage {
  readonly uid: string;
  readonly target: OutageTarget;
  readonly from: Date;
  readonly until: Date;
  readonly reason: string;
}

/** What brings the stored outages of a source in line with what it announces. */
export interface SyncPlan {
  readonly add: readonly AnnouncedOutage[];
  readonly change: readonly { readonly id: number; readonly to: AnnouncedOutage }[];
  /** Vanished while they were to come or under way. */
  readonly end: readonly { readonly id: number; readonly until: Date }[];
}

/**
 * Compares by uid. What a person has ended stays ended, what has vanished and comes back goes on, and what is over
 * is history: it is neither added nor changed, unless its source says that it goes on.
 */
export function planSync(
  stored: readonly Outage[],
  announced: readonly AnnouncedOutage[],
  now: Date,
): SyncPlan {
  const byUid = new Map(stored.map((outage) => [outage.uid, outage]));
  const lasting = [...new Map(announced.map((one) => [one.uid, one])).values()].filter(
    ({ until }) => until > now,
  );
  const uids = new Set(lasting.map(({ uid }) => uid));
  return {
    add: lasting.filter(({ uid }) => !byUid.has(uid)),
    change: lasting.flatMap((to) => {
      const outage = byUid.get(to.uid);
      return outage && !isEndedByPerson(outage) && differs(outage, to) ? [{ id: outage.id, to }] : [];
    }),
    end: stored
      .filter(({ uid, until, endedBy }) => endedBy === null && until > now && !uids.has(uid ?? ''))
      .map(({ id, from }) => ({ id, until: from > now ? from : now })),
  };
}

function isEndedByPerson({ endedBy }: Outage): boolean {
  return endedBy !== null && endedBy !== 'source';
}

function differs(outage: Outage, to: AnnouncedOutage): boolean {
  return (
    outage.endedBy !== null ||
    !isSameTarget(outage.target, to.target) ||
    outage.from.getTime() !== to.from.getTime() ||
    outage.until.getTime() !== to.until.getTime() ||
    outage.reason !== to.reason
  );
}
