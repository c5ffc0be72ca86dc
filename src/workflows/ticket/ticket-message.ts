import { allDone } from '../../domain/all-done.ts';
import type { ChatMessage } from '../../domain/chat.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { renderDiagnosis } from '../../messages/diagnosis.ts';
import { renderOutageNote } from '../../messages/outage-note.ts';
import { tellAll } from '../../ticket/story.ts';
import { digestIdOf } from './digest.ts';
import type { Deps } from '../deps.ts';
import { sumOf } from './tell-story.ts';

type ShownTicket = Pick<Ticket, 'id' | 'channel' | 'postAt'>;

/** Tickets get messages of their own; their threads begin with the diagnosis in full (A11, A17). */
export async function issueTickets(deps: Deps, tx: Tx, tickets: readonly TicketRecord[]): Promise<void> {
  const now = deps.clock.now();
  const shown = tickets.flatMap((ticket) =>
    ticket.channel === null ? [] : { ...ticket, ...{ channel: ticket.channel } },
  );
  const messages = shown.map(({ id, channel }) => ({
    ...{ id: deps.newId(), kind: 'ticket' as const, subjectId: String(id), channel },
    ...{ parentId: null, body: null },
  }));
  const untold = shown.filter(({ told }) => told === null);
  const [ids, parts] = await allDone([
    tx.wantDeliveries(messages, now),
    tx.ticketsCombinedInto(untold.map(({ id }) => id)),
  ]);
  const messageOf = new Map(shown.map(({ id }, index) => [id, ids[index] ?? null]));
  const told = untold.map((ticket) => {
    const own = parts.filter(({ combinedInto }) => combinedInto === ticket.id);
    return [ticket.id, { told: tellAll(sumOf(ticket, own), null, now) }] as const;
  });
  const notes = untold.flatMap((ticket) =>
    beginningOf(ticket, deps.policies.timeZone).map((body) => ({
      ...{ id: deps.newId(), kind: 'note' as const, subjectId: String(ticket.id) },
      ...{ channel: ticket.channel, parentId: messageOf.get(ticket.id) ?? null, body },
    })),
  );
  await allDone([tx.changeTickets(new Map(told)), tx.wantDeliveries(notes, now)]);
  for (const { channel } of shown) await tx.enqueue({ queue: 'deliver', channel });
}

/** What a ticket's thread begins with. */
function beginningOf({ diagnosis, afterOutage }: TicketRecord, timeZone: string): readonly ChatMessage[] {
  return [
    ...(diagnosis ? [renderDiagnosis(diagnosis, timeZone)] : []),
    ...(afterOutage ? [renderOutageNote(afterOutage, timeZone)] : []),
  ];
}

/** A ticket's message is to be brought up to date; a digest that lists it, or the message that it shares, is brought up to date too. */
export async function touchTicket(tx: Tx, ticket: ShownTicket, now: Date): Promise<void> {
  if (ticket.channel === null) return;
  const hasMessage = await tx.touchDelivery('ticket', String(ticket.id), now);
  const shared = hasMessage ? null : (await tx.ticket(ticket.id))?.combinedInto;
  if (shared != null) await tx.touchDelivery('ticket', String(shared), now);
  if (ticket.postAt) await tx.touchDelivery('digest', digestIdOf(ticket.channel, ticket.postAt), now);
  await tx.enqueue({ queue: 'deliver', channel: ticket.channel });
}

/** Tells the ticket's story in its thread. */
export async function addToThread(
  deps: Deps,
  tx: Tx,
  ticket: Pick<Ticket, 'id'>,
  body: ChatMessage,
): Promise<void> {
  const combinedInto = (await tx.ticket(ticket.id))?.combinedInto ?? null;
  await addToOwnThread(deps, tx, { id: ticket.id, combinedInto }, body);
}

/** The same where it is known which message the ticket has, its own or one that it shares. */
async function addToOwnThread(
  deps: Deps,
  tx: Tx,
  ticket: Pick<Ticket, 'id' | 'combinedInto'>,
  body: ChatMessage,
): Promise<void> {
  const parent = await tx.deliveryOf('ticket', String(ticket.combinedInto ?? ticket.id));
  if (!parent) return;
  await tx.wantDelivery(
    {
      id: deps.newId(),
      kind: 'note',
      subjectId: String(ticket.id),
      channel: parent.channel,
      parentId: parent.id,
      body,
    },
    deps.clock.now(),
  );
  await tx.enqueue({ queue: 'deliver', channel: parent.channel });
}
