import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import { linkAgain, renderAgain } from '../../messages/again.ts';
import type { Deps } from '../deps.ts';
import { pageFor } from '../paging/paging.ts';

/** Silence after which a symptom that fails again is news, in ms. */
export const newsAfterMs = 86_400_000;
/** A ticket about many devices is told of once in this time, in ms. */
const toldOnceInMs = 12 * 3_600_000;

/**
 * A symptom of a ticket that people see fails again after a day of silence or more: its channel gets a new line, and who
 * is on call is paged (A17, A19).
 */
export async function tellAgain(deps: Deps, tx: Tx, ticketId: number, silentMs: number): Promise<void> {
  const named = await tx.ticket(ticketId);
  const ticket = named?.combinedInto == null ? named : await tx.ticket(named.combinedInto);
  if (!ticket || ticket.channel === null || ticket.snoozedUntil) return;
  const now = deps.clock.now();
  const subjectId = `${ticket.id} ${Math.floor(now.getTime() / toldOnceInMs)}`;
  if (await tx.deliveryOf('again', subjectId)) return;
  const { channel } = ticket;
  const body = renderAgain(ticket, silentMs);
  await tx.wantDelivery({ id: deps.newId(), kind: 'again', subjectId, channel, parentId: null, body }, now);
  await tx.enqueue({ queue: 'deliver', channel });
  await pageFor(deps, tx, ticket.id, ['open', 'acknowledged']);
}

/** The line with its link, if the ticket's message was posted and Slack says where. */
export async function renderAgainLine(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const [id = ''] = delivery.subjectId.split(' ');
  const message = await deps.store.transaction((tx) => tx.deliveryOf('ticket', id));
  if (!delivery.body || message?.postedChannel == null || message.ts === null) return delivery.body;
  const posted = { channel: message.postedChannel, ts: message.ts };
  const link = await deps.chat.permalink(posted).catch(() => null);
  return link === null ? delivery.body : linkAgain(delivery.body, link);
}
