import type { TicketShare } from '../../domain/store/counting.ts';
import type { Tx } from '../../domain/store/store.ts';
import { levelOf, subjectOf } from '../../threshold/counter.ts';
import { decideThreshold } from '../../threshold/decide-threshold.ts';
import { needOf } from '../../threshold/need.ts';
import type { Deps } from '../deps.ts';
import { findRootBeginning, readCrowd } from './root-need.ts';
import { type Recount, release } from './recount.ts';

/**
 * Tickets that alerts were taken from: those that do not meet their threshold any more become part of the one that took
 * them, and what is left of them counts for itself; the others stay, from the window on that still meets it. Wider ones
 * are decided at their level. Returns those that ended.
 */
export async function settleTaken(
  deps: Deps,
  tx: Tx,
  recount: Recount,
  taken: readonly number[],
  into: number,
): Promise<ReadonlySet<number>> {
  const joined = new Set<number>();
  for (const share of await tx.sharesOf(taken)) {
    const { id, counter, countsFrom } = share;
    recount.takenBy.set(id, into);
    const from = share.alerts === 0 ? null : await findBeginning(deps, tx, recount, share);
    if (from === null) {
      await release(deps, tx, recount, id, null);
      joined.add(id);
      continue;
    }
    if (from !== 'decided-later' && (countsFrom === null || from > countsFrom)) {
      await release(deps, tx, recount, id, from);
      await tx.changeTicket(id, { countsFrom: from });
    }
    await tx.recount(id);
    deps.log.debug({ ticket: id, counter }, 'alerts were taken over; the rest stays');
  }
  await tx.joinTickets([...joined], into);
  return joined;
}

async function findBeginning(
  { inventory, policies }: Deps,
  tx: Tx,
  { rules }: Recount,
  { id, counter, ruleId, countsFrom }: TicketShare,
): Promise<Date | null | 'decided-later'> {
  switch (levelOf(counter)) {
    case 'device': {
      const rule = rules.find((one) => one.id === ruleId);
      if (!rule) return 'decided-later';
      return decideThreshold(await tx.ticketSightings(id), needOf(rule, subjectOf(counter), inventory)).from;
    }
    case 'root':
    case 'root-of-package': {
      const crowd = readCrowd(counter);
      if (!policies.rootCause || !crowd) return 'decided-later';
      return findRootBeginning({ inventory, policies }, tx, crowd, countsFrom ?? new Date(0), null);
    }
    default:
      return 'decided-later';
  }
}
