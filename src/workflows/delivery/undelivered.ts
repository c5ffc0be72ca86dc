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
  if (kind === 'undelivered') return;
  const now = deps.clock.now();
  const { fallbackChannel } = deps.policies.routing;
  const stands = (await tx.countFailed(channel)) > 1 && (await tx.touchAnnouncement(channel, now));
  if (!stands) {
    const announcement = {
      id: deps.newId(),
      kind: 'undelivered',
      subjectId: id,
      channel: fallbackChannel,
    } as const;
    await tx.wantDelivery({ ...announcement, parentId: null, body: null }, now);
  }
  await tx.enqueue({ queue: 'deliver', channel: fallbackChannel });
}

/** The announcement about a channel; `deliveryId` is the first message that was given up there. */
export async function renderUndelivered(
  deps: Deps,
  { subjectId: deliveryId, ts }: Delivery,
): Promise<ChatMessage | null> {
  const { timeZone } = deps.policies;
  return deps.store.transaction(async (tx) => {
    const channel = await tx.channelOf(deliveryId);
    if (channel === null) return null;
    const left = await tx.countFailed(channel);
    // What was given up went out before anybody was told.
    if (left === 0 && ts === null) return null;
    return renderFailedDeliveries(await tx.failedDeliveries(channel), left, timeZone);
  });
}

/** `/restage deliveries` */
export async function showDeliveries(deps: Deps): Promise<ChatMessage> {
  return deps.store.transaction(async (tx) =>
    renderFailedDeliveries(
      await tx.failedDeliveries(null),
      await tx.countFailed(null),
      deps.policies.timeZone,
    ),
  );
}

/** A click on *Try again*. */
export async function retryDelivery(deps: Deps, click: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    const now = deps.clock.now();
    const channel = await tx.retryDelivery(click.value, now);
    if (channel === null) return 'This message is not undelivered any more.';
    const who = `${click.person.teamId}/${click.person.userId}`;
    await tx.audit({ at: now, who, what: 'try again', about: `delivery ${click.value}` });
    await tx.touchAnnouncement(channel, now);
    await tx.enqueue({ queue: 'deliver', channel });
    await tx.enqueue({ queue: 'deliver', channel: deps.policies.routing.fallbackChannel });
    return 'It is tried again now.';
  });
}
