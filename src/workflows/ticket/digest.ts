import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderDigest } from '../../messages/digest.ts';
import type { Deps } from '../deps.ts';
import { nameTicket } from './name-ticket.ts';

/** A digest has no row of its own: it is the tickets of a channel that wait for the same time. */
export function digestIdOf(channel: string, postAt: Date): string {
  return `${postAt.toISOString()} ${channel}`;
}

/** The digest that goes out at this time is to list one ticket more (A15). */
export async function wantDigest(deps: Deps, tx: Tx, channel: string, postAt: Date): Promise<void> {
  const subjectId = digestIdOf(channel, postAt);
  const id = deps.newId();
  await tx.wantDelivery({ id, kind: 'digest', subjectId, channel, parentId: null, body: null }, postAt);
  await tx.enqueue({ queue: 'deliver', channel, at: postAt });
}

/** Slack was away when it was to be posted. */
const lateAfterMs = 300_000;

/** null: there is nothing to list, or the digest is late and all of it is over. */
export async function renderDigestMessage(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const [time = '', ...channel] = delivery.subjectId.split(' ');
  const postAt = new Date(time);
  const tickets = await deps.store.transaction((tx) => tx.ticketsOfDigest(channel.join(' '), postAt));
  const now = deps.clock.now();
  const isLate = delivery.ts === null && now.getTime() - postAt.getTime() > lateAfterMs;
  const isStale = isLate && tickets.every(({ state }) => state === 'resolved');
  if (tickets.length === 0 || isStale) return null;
  const named = tickets.map((ticket) => ({ ...ticket, title: nameTicket(ticket) }));
  return renderDigest(named, { timeZone: deps.policies.timeZone, now, postAt });
}
