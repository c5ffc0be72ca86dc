import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import { renderStoryLine } from '../../messages/ticket-story.ts';
import { findNotableChange, pauseAfter, tellAll, type TicketSum } from '../../ticket/story.ts';
import type { Deps } from '../deps.ts';

/** A ticket's sum as its thread tells it, with those that share its message. */
export function sumOf(ticket: TicketRecord, parts: readonly TicketRecord[]): TicketSum {
  const all = [ticket, ...parts];
  return {
    alertCount: all.reduce((sum, { alertCount }) => sum + alertCount, 0),
    // They are about the same device: those that it names are the same as well.
    deviceCount: Math.max(...all.map(({ deviceCount }) => deviceCount)),
    packages: [...new Set(all.flatMap(({ packages }) => packages))],
    failures: [...new Set(all.map(({ failure }) => failure))],
  };
}

/**
 * After a ticket's message was brought up to date: where something notable has changed, its thread is to be told, at
 * most one line in `tellEvery`, and fewer the longer it goes on. A snoozed ticket's thread is silent until it wakes (A17).
 */
export async function continueStory(deps: Deps, tx: Tx, ticket: TicketRecord): Promise<void> {
  if (!ticket.told || ticket.snoozedUntil) return;
  const sum = sumOf(ticket, await tx.ticketsCombinedInto([ticket.id]));
  if (!findNotableChange(ticket.told, sum)) return;
  await wantStoryLine(deps, tx, ticket, ticket.told);
}

/** Notes that another line has just told the thread what the alerts say, so that no further line says it again. */
export async function noteAsTold(deps: Deps, tx: Tx, ticketId: number): Promise<void> {
  const ticket = await tx.ticket(ticketId);
  if (!ticket?.told) return;
  const sum = sumOf(ticket, await tx.ticketsCombinedInto([ticketId]));
  await tx.changeTicket(ticketId, { told: tellAll(sum, ticket.told, deps.clock.now()) });
}

async function wantStoryLine(
  deps: Deps,
  tx: Tx,
  ticket: TicketRecord,
  told: NonNullable<TicketRecord['told']>,
): Promise<void> {
  const parent = await tx.deliveryOf('ticket', String(ticket.id));
  const subjectId = `${ticket.id}/${told.lines}`;
  if (!parent || (await tx.deliveryOf('story', subjectId))) return;
  const pauseMs = pauseAfter(told, deps.policies.ticket.tellEveryMs);
  const now = deps.clock.now();
  const earliest = new Date(new Date(told.at).getTime() + pauseMs);
  const isUp = isTimeUp(earliest, now, pauseMs);
  // The ticket itself says it already; the next change after the pause tells both.
  if (!isUp && told.lines > 1) return;
  const dueAt = isUp ? now : earliest;
  const { channel } = parent;
  const id = deps.newId();
  await tx.wantDelivery({ id, kind: 'story', subjectId, channel, parentId: parent.id, body: null }, dueAt);
  await tx.enqueue({ queue: 'deliver', channel, at: dueAt });
}

/**
 * The line as it is at the first try: from then on it is fixed, and the next change begins the next line. null:
 * there is nothing to tell after all.
 */
export async function renderStory(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  if (delivery.body) return delivery.body;
  return deps.store.transaction(async (tx) => {
    const ticket = await tx.ticket(Number(delivery.subjectId.split('/')[0]));
    if (!ticket?.told) return null;
    const sum = sumOf(ticket, await tx.ticketsCombinedInto([ticket.id]));
    const change = ticket.snoozedUntil ? null : findNotableChange(ticket.told, sum);
    const now = deps.clock.now();
    await tx.changeTicket(ticket.id, {
      told: change ? tellAll(sum, ticket.told, now) : { ...ticket.told, lines: ticket.told.lines + 1 },
    });
    if (!change) return null;
    const body = renderStoryLine(change);
    await tx.fixBody(delivery.id, body);
    return body;
  });
}
