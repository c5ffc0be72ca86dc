import type { ChatMessage } from '../domain/chat.ts';
import type { Tx } from '../domain/store/store.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Deps } from './deps.ts';

type ShownTicket = Pick<Ticket, 'id' | 'channel'>;

/** A ticket's one message is to be brought up to date, or posted where it is not there yet. */
export async function wantTicketMessage(deps: Deps, tx: Tx, ticket: ShownTicket): Promise<void> {
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

/** As `wantTicketMessage`, for a ticket that has its message already. */
export async function touchTicket(tx: Tx, ticket: ShownTicket, now: Date): Promise<void> {
  if (ticket.channel === null) return;
  await tx.touchDelivery('ticket', String(ticket.id), now);
  await tx.enqueue({ queue: 'deliver', channel: ticket.channel });
}

/** Tells the ticket's story in its thread. */
export async function addToThread(deps: Deps, tx: Tx, ticket: ShownTicket, body: ChatMessage): Promise<void> {
  const parent = await tx.deliveryOf('ticket', String(ticket.id));
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
