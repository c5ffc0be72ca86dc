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

/** A ticket's one message is to be brought up to date, or posted where it is not there yet. */
async function wantTicketMessage(deps: Deps, tx: Tx, ticket: Pick<Ticket, 'id' | 'channel'>): Promise<void> {
  if (ticket.channel === null) return;
  await tx.wantDelivery(
    {
      id: deps.newId(),
      kind: 'ticket',
      subjectId: String(ticket.id),
      channel: ticket.channel,
      parentId: null,
      body: null,
    },
    deps.clock.now(),
  );
  await tx.enqueue({ queue: 'deliver', channel: ticket.channel });
}

/** A ticket gets a message of its own; its thread begins with the diagnosis in full (A11, A17). */
export async function issueTicket(deps: Deps, tx: Tx, ticket: TicketRecord): Promise<void> {
  await wantTicketMessage(deps, tx, ticket);
  if (ticket.told !== null) return;
  const parts = await tx.ticketsCombinedInto(ticket.id);
  await tx.changeTicket(ticket.id, { told: tellAll(sumOf(ticket, parts), null, deps.clock.now()) });
  const { timeZone } = deps.policies;
  if (ticket.diagnosis) await addToOwnThread(deps, tx, ticket, renderDiagnosis(ticket.diagnosis, timeZone));
  if (ticket.afterOutage)
    await addToOwnThread(deps, tx, ticket, renderOutageNote(ticket.afterOutage, timeZone));
}

/** As `wantTicketMessage`, for a ticket that has its message already; a digest that lists it, or the message that it shares, is brought up to date too. */
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
