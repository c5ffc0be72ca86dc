import type { PageSubject } from '../../domain/paging.ts';
import type { PageEnd, PageRecord } from '../../domain/store/paging.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { Ticket, TicketEvent, TicketState } from '../../domain/ticket.ts';
import { decidePage } from '../../paging/decide-page.ts';
import type { Deps } from '../deps.ts';

/** What rules and switches look at in a ticket. */
export function pageSubjectOf(
  { inventory }: Pick<Deps, 'inventory'>,
  { subject, failure, region }: Pick<Ticket, 'subject' | 'failure' | 'region'>,
): PageSubject {
  return { device: subject, failure, region, groups: inventory.find(subject)?.groups ?? [] };
}

/**
 * Starts telling people about a ticket that is open, where a rule and the switches say so (A19); in the
 * transaction that opens it. A ticket that has its page already keeps it.
 */
export async function pageFor(
  deps: Deps,
  tx: Tx,
  ticketId: number,
  states: readonly TicketState[] = ['open'],
): Promise<void> {
  // Many sites page nobody: then there is nothing to look up.
  if (deps.policies.paging.rules.length === 0) return;
  const ticket = await tx.ticket(ticketId);
  if (!ticket || !states.includes(ticket.state) || (await isLookedAfter(tx, ticket))) return;
  const now = deps.clock.now();
  const switches = await tx.pagingSwitches();
  const decision = decidePage(pageSubjectOf(deps, ticket), deps.policies.paging, switches, now);
  if (!decision.page) {
    deps.log.debug({ ticket: ticketId, reason: decision.reason }, 'nobody is paged');
    return;
  }
  const page: PageRecord = {
    id: deps.newId(),
    ticketId,
    policy: decision.policy.name,
    state: 'running',
    round: 0,
    step: 0,
    dueAt: decision.at,
    reason: decision.reason,
    startedAt: now,
    endedAt: null,
    end: null,
  };
  if (await tx.addPage(page)) await tx.enqueue({ queue: 'page', ticketId, at: page.dueAt });
}

/** What waits for a digest is nothing to wake somebody for; nor is a further problem of a device that somebody is on. */
async function isLookedAfter(tx: Tx, { postAt, combinedInto }: TicketRecord): Promise<boolean> {
  if (postAt !== null) return true;
  if (combinedInto === null) return false;
  const first = await tx.ticket(combinedInto);
  return first?.state !== 'open' || (await tx.openPageOf(first.id)) !== null;
}

/**
 * Ends a ticket's page because somebody has it now, or nobody needs to; in the transaction in which that came
 * about. Every message that told somebody is brought up to date.
 */
export async function endPages(deps: Deps, tx: Tx, ticketId: number, end: PageEnd): Promise<void> {
  const page = await tx.openPageOf(ticketId);
  if (!page) return;
  await tx.changePage(page.id, { state: 'ended', endedAt: deps.clock.now(), reason: end.reason, end });
  await touchNotices(deps, tx, page.id);
}

const endings: Readonly<Partial<Record<TicketEvent, string>>> = {
  acknowledge: 'acknowledged',
  repair: 'repaired',
  resolve: 'resolved',
  recovered: 'resolved',
  redistributed: 'resolved',
};

/** What happened to a ticket, told to its page: it ends, is held back, goes on, or another one starts. */
export async function followTicket(
  deps: Deps,
  tx: Tx,
  ticketId: number,
  { event, userId, place }: Omit<PageEnd, 'reason'> & { readonly event: TicketEvent },
): Promise<void> {
  const reason = endings[event];
  if (reason !== undefined) await endPages(deps, tx, ticketId, { reason, userId, place });
  if (event === 'reopen' || event === 'failed-again') await pageFor(deps, tx, ticketId);
  if (event === 'snooze' || event === 'wake') await lookAgain(deps, tx, ticketId);
}

/** Something changed that may hold a ticket's page back, or let it go on. */
export async function lookAgain(deps: Deps, tx: Tx, ticketId: number): Promise<void> {
  const page = await tx.openPageOf(ticketId);
  if (!page) return;
  await touchNotices(deps, tx, page.id);
  await tx.enqueue({ queue: 'page', ticketId });
}

/** Has every message of a page rendered anew. */
export async function touchNotices(deps: Deps, tx: Tx, pageId: string): Promise<void> {
  const now = deps.clock.now();
  const channels = new Set<string>();
  for (const { id, recipient } of await tx.noticesOf(pageId)) {
    await tx.touchDelivery('page', id, now);
    channels.add(recipient);
  }
  for (const channel of channels) await tx.enqueue({ queue: 'deliver', channel });
}
