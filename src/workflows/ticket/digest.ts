import type { ChatMessage } from '../../domain/chat.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderDigest } from '../../messages/digest.ts';
import type { Deps } from '../deps.ts';

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

export async function renderDigestMessage(deps: Deps, digestId: string): Promise<ChatMessage | null> {
  const [time = '', ...channel] = digestId.split(' ');
  const postAt = new Date(time);
  const tickets = await deps.store.transaction((tx) => tx.ticketsOfDigest(channel.join(' '), postAt));
  if (tickets.length === 0) return null;
  return renderDigest(tickets, { timeZone: deps.policies.timeZone, now: deps.clock.now(), postAt });
}
