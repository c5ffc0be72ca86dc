import type { Person } from '../../domain/chat.ts';
import { type Flapping, flapsWithinMs } from '../../domain/flapping.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketChange, TicketRecord } from '../../domain/store/tickets.ts';
import type { TicketEvent, TicketState } from '../../domain/ticket.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { tellEvent, type EventDetail } from '../../messages/ticket-event.ts';
import { decideTransition } from '../../ticket/lifecycle.ts';
import type { Deps } from '../deps.ts';
import { longestRecheckMs } from '../longest-waits.ts';
import { followTicket } from '../paging/paging.ts';
import { wantRepairLook } from './look-after-repair.ts';
import { addToThread, touchTicket } from './ticket-message.ts';

/** Something happens to a ticket; `by` is null where it comes about by itself. */
export interface TicketHappening {
  readonly event: TicketEvent;
  readonly by: Person | null;
  /** To whom it is assigned, until when it is snoozed, why it counts as well. */
  readonly detail?: EventDetail;
  /** The channel in which somebody did it. */
  readonly place?: string;
}

/**
 * Changes a ticket, with those that share its message, as its lifecycle allows: state, audit entry, message and thread, in the caller's transaction. Answers
 * why not, or null when it is done.
 */
export async function changeTicket(
  deps: Deps,
  tx: Tx,
  ticketId: number,
  { event, by, detail = {}, place }: TicketHappening,
): Promise<string | null> {
  const named = await tx.ticket(ticketId);
  const ticket = named?.combinedInto != null ? await tx.ticket(named.combinedInto) : named;
  if (!ticket) return 'This ticket is not known any more.';
  const now = deps.clock.now();
  const decision = decideTransition(ticket, event, now, deps.policies.ticket.reopenForMs);
  if (!decision.allowed) return decision.message;
  if (event === 'reopen' && (await hasSuccessor(tx, ticket))) {
    return 'Its problem has another open ticket already.';
  }
  const reason = detail.reason ?? decision.reason;
  const flapping = event === 'failed-again' ? failedAgain(ticket, now) : null;
  const change = {
    ...changeOf(deps, event, by, detail, now),
    ...stateChange(event, decision.to, reason),
    ...(flapping && { flapping }),
  };
  await tx.changeTicket(ticket.id, change);
  const changed = [ticket.id];
  for (const part of await tx.ticketsCombinedInto([ticket.id])) {
    const { reopenForMs } = deps.policies.ticket;
    if (!decideTransition(part, event, now, reopenForMs).allowed) continue;
    await tx.changeTicket(part.id, change);
    changed.push(part.id);
  }
  const who = by ? `${by.teamId}/${by.userId}` : 'restage';
  await tx.audit({ at: now, who, what: event, about: `ticket ${ticket.id}` });
  for (const id of changed) {
    await followTicket(deps, tx, id, { event, userId: by?.userId ?? null, place: place ?? null });
  }
  await touchTicket(tx, ticket, now);
  const story = tellEvent(event, ticket, by?.userId ?? null, { ...detail, reason }, deps.policies.timeZone);
  await addToThread(deps, tx, ticket, renderMarkup(story));
  if (event === 'repair' && by !== null) await wantRepairLook(deps, tx, ticket, now);
  return null;
}

/** Keeps when it was said to be repaired before it failed again, of the last day. */
function failedAgain({ flapping, repairedAt }: TicketRecord, now: Date): Flapping | null {
  if (repairedAt === null) return null;
  const times = [...(flapping?.back ?? []), repairedAt.toISOString()];
  const back = times.filter((at) => now.getTime() - new Date(at).getTime() < flapsWithinMs);
  return { back, since: flapping?.since ?? null };
}

/** Assigning and snoozing say nothing about why the ticket is in its state. */
function stateChange(event: TicketEvent, state: TicketState, reason: string): TicketChange {
  return event === 'assign' || event === 'snooze' || event === 'wake' ? {} : { state, reason };
}

async function hasSuccessor(tx: Tx, ticket: TicketRecord): Promise<boolean> {
  const live = (await tx.liveTickets([ticket.counter])).get(ticket.counter);
  return live !== undefined && live.id !== ticket.id;
}

function changeOf(
  deps: Deps,
  event: TicketEvent,
  by: Person | null,
  detail: EventDetail,
  now: Date,
): TicketChange {
  const userId = by?.userId ?? null;
  switch (event) {
    case 'acknowledge':
      return { acknowledgedBy: userId, acknowledgedAt: now };
    case 'assign':
      return detail.assignee === undefined ? {} : { assignedTo: detail.assignee };
    case 'snooze':
      return { snoozedUntil: detail.until ?? null };
    case 'wake':
      return { snoozedUntil: null };
    case 'repair':
      return { repairedBy: userId, repairedAt: now, snoozedUntil: null, ...nextCheck(deps, now) };
    case 'resolve':
    case 'recovered':
    case 'redistributed':
      return { resolvedBy: userId, resolvedAt: now, snoozedUntil: null };
    case 'reopen':
      return { ...asNew, ...nextCheck(deps, now), reopenedAt: now };
    case 'failed-again':
      return { ...asNew, ...nextCheck(deps, now) };
  }
}

const asNew = {
  acknowledgedBy: null,
  acknowledgedAt: null,
  repairedBy: null,
  repairedAt: null,
  resolvedBy: null,
  resolvedAt: null,
} as const;

function nextCheck({ policies }: Deps, now: Date): TicketChange {
  const checkAfterMs = policies.ticket.autoResolveAfterMs ?? longestRecheckMs;
  return { checkAt: new Date(now.getTime() + checkAfterMs) };
}
