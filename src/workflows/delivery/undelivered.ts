import type { ButtonClick, ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderFailedDeliveries } from '../../messages/failed-deliveries.ts';
import type { Deps } from '../deps.ts';

export const deliveriesUsage = '`/restage deliveries` lists the messages that could not be delivered.';

/**
 * A message was given up (A18): the fallback channel is told, once for each channel as long as something is left
 * undelivered there; further ones change that message.
 */
export async function announceFailure(
  deps: Deps,
  tx: Tx,
  { id, kind, channel }: Pick<Delivery, 'id' | 'kind' | 'channel'>,
): Promise<void> {
  if (kind === 'undelivered' || (await touchAnnouncements(deps, tx, channel))) return;
  const { fallbackChannel } = deps.policies.routing;
  const announcement = {
    id: deps.newId(),
    kind: 'undelivered',
    subjectId: id,
    channel: fallbackChannel,
  } as const;
  await tx.wantDelivery({ ...announcement, parentId: null, body: null }, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel: fallbackChannel });
}

/** True where there is an announcement about this channel that still stands. */
async function touchAnnouncements(deps: Deps, tx: Tx, channel: string): Promise<boolean> {
  let touched = false;
  for (const { id } of await tx.failedDeliveries(channel)) {
    touched = (await tx.touchDelivery('undelivered', id, deps.clock.now())) || touched;
  }
  if (touched) await tx.enqueue({ queue: 'deliver', channel: deps.policies.routing.fallbackChannel });
  return touched;
}

/** The announcement about a channel; `deliveryId` is the first message that was given up there. */
export async function renderUndelivered(deps: Deps, deliveryId: string): Promise<ChatMessage> {
  const failed = await deps.store.transaction((tx) => tx.failedDeliveries(null));
  const channel = failed.find(({ id }) => id === deliveryId)?.channel;
  const there = failed.filter((one) => one.channel === channel && one.kind !== 'undelivered');
  return renderFailedDeliveries(there, deps.policies.timeZone);
}

/** `/restage deliveries` */
export async function showDeliveries(deps: Deps): Promise<ChatMessage> {
  const failed = await deps.store.transaction((tx) => tx.failedDeliveries(null));
  return renderFailedDeliveries(failed, deps.policies.timeZone);
}

/** A click on *Try again*. */
export async function retryDelivery(deps: Deps, click: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    const now = deps.clock.now();
    const channel = await tx.retryDelivery(click.value, now);
    if (channel === null) return 'This message is not undelivered any more.';
    const who = `${click.person.teamId}/${click.person.userId}`;
    await tx.audit({ at: now, who, what: 'try again', about: `delivery ${click.value}` });
    await tx.touchDelivery('undelivered', click.value, now);
    await touchAnnouncements(deps, tx, channel);
    await tx.enqueue({ queue: 'deliver', channel });
    await tx.enqueue({ queue: 'deliver', channel: deps.policies.routing.fallbackChannel });
    return 'It is tried again now.';
  });
}
