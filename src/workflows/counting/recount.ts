import type { Level } from '../../domain/level.ts';
import type { ThresholdRule } from '../../domain/policy.ts';
import { rootCounterOf } from '../../domain/root-cause.ts';
import type { ScopeSpan } from '../../domain/store/counting.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { groupBy } from '../../domain/group-by.ts';
import { levelOf } from '../../threshold/counter.ts';
import type { Deps } from '../deps.ts';
import { type CountedAlert, countersOf, crowdsOf, findOwner, isShown, lookUpAlert } from './counted-alert.ts';

/**
 * What is being decided in a transaction that counts. Levels are decided one after the other, the strongest explanation
 * first; each sees what no stronger one holds. So what comes out depends on the alerts alone.
 */
export interface Recount {
  readonly rules: readonly ThresholdRule[];
  /** The alerts that came. */
  readonly added: readonly CountedAlert[];
  /** Alerts that lost their ticket meanwhile, and are in none. */
  readonly released: CountedAlert[];
  /** The live tickets by counter, as far as they concern these alerts. */
  live: ReadonlyMap<string, LiveTicket>;
  /** Wider scopes of alerts that changed hands, by counter. */
  readonly changed: Map<string, ScopeSpan>;
  /** Which ticket has taken alerts from which. */
  readonly takenBy: Map<number, number>;
}

/** Reads the live tickets again, after some came, went or reached back. */
export async function readLive(tx: Tx, recount: Recount): Promise<void> {
  const { added, released, changed } = recount;
  const counters = new Set([...added, ...released].flatMap(countersOf));
  recount.live = await tx.liveTickets([...counters, ...changed.keys()]);
}

/** Takes all alerts out of tickets that end: they count for themselves again. Returns how many there were. */
export async function release(
  deps: Deps,
  tx: Tx,
  recount: Recount,
  ticketId: number,
  before: Date | null,
): Promise<void> {
  const alerts = await tx.alertsLeft(ticketId);
  const lost = before === null ? alerts : alerts.filter(({ at }) => at < before);
  recount.released.push(...lost.map((alert) => lookUpAlert(deps, recount.rules, alert, alert)));
  if (before !== null && lost.length > 0) await tx.releaseBefore(ticketId, before);
}

/** Notes that alerts which came into a ticket count no more for weaker explanations. */
export async function noteTaken(tx: Tx, recount: Recount, ticketId: number, from: Date): Promise<void> {
  for (const span of await tx.scopesIn(ticketId, from)) {
    const known = recount.changed.get(span.counter);
    recount.changed.set(span.counter, known ? { ...span, ...joinSpans(known, span) } : span);
  }
}

function joinSpans(a: ScopeSpan, b: ScopeSpan): Pick<ScopeSpan, 'from' | 'until'> {
  return { from: a.from < b.from ? a.from : b.from, until: a.until > b.until ? a.until : b.until };
}

/** Released alerts that belong to a live ticket of this level go there. */
export async function claimReleased(tx: Tx, recount: Recount, level: Level): Promise<void> {
  const owned = recount.released.flatMap((alert) => {
    const owner = findOwner(alert, recount.live);
    return owner && levelOf(owner.counter) === level ? [{ alert, ...owner }] : [];
  });
  for (const [counter, group] of groupBy(owned, (one) => one.counter)) {
    const [first] = group;
    if (!first) continue;
    const { ticket, alert } = first;
    const from = ticket.countsFrom ?? new Date(0);
    const claim = { ticketId: ticket.id, counter, from, ...stateIn(ticket) };
    if (level === 'device') await tx.claimCounted([claim]);
    else if (level === 'root' || level === 'root-of-package') {
      const crowd = crowdsOf(alert, level).find((one) => rootCounterOf(one) === counter);
      if (crowd) await tx.takeOver(crowd, claim);
    } else await tx.takeOverScope(claim, level);
  }
}

export function stateIn(ticket: Pick<LiveTicket, 'state'>) {
  return isShown(ticket)
    ? ({ state: 'ticketed', reason: 'ticket-is-open' } as const)
    : ({ state: 'held', reason: 'ticket-under-examination' } as const);
}
