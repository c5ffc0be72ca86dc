import type { Tx } from '../../domain/store/store.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Deps } from '../deps.ts';
import { touchTicket } from '../ticket/ticket-message.ts';

/** Brings the messages of shown tickets up to date, in few statements; those without one of their own stand in a digest. */
export async function touchTickets(
  deps: Deps,
  tx: Tx,
  tickets: readonly Pick<Ticket, 'id' | 'channel' | 'postAt'>[],
): Promise<void> {
  const now = deps.clock.now();
  const ids = tickets.map(({ id }) => id);
  const touched = await tx.touchMessages(ids, now);
  for (const ticket of tickets.filter(({ id }) => !touched.has(id))) await touchTicket(tx, ticket, now);
  const channels = new Set(tickets.filter(({ id }) => touched.has(id)).map(({ channel }) => channel));
  for (const channel of channels) if (channel !== null) await tx.enqueue({ queue: 'deliver', channel });
}
