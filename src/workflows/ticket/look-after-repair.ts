import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { renderRepairLook } from '../../messages/repair-look.ts';
import { isAboutDevice } from '../../threshold/counter.ts';
import { wasSilent } from '../../ticket/decide-closing.ts';
import type { Deps } from '../deps.ts';
import { pingDevice } from './ping-device.ts';

/**
 * Has the thread of a ticket that a person declared repaired tell how its device answers now; in the transaction of the
 * declaration, once for each. A ticket about more than a device has none that could be asked.
 */
export async function wantRepairLook(deps: Deps, tx: Tx, ticket: TicketRecord, at: Date): Promise<void> {
  const parent = await tx.deliveryOf('ticket', String(ticket.id));
  if (!parent || !isAboutDevice(ticket.counter)) return;
  const { channel } = parent;
  const subjectId = `${ticket.id} ${at.getTime()}`;
  const message = { id: deps.newId(), kind: 'repair-look', subjectId, channel, body: null } as const;
  await tx.wantDelivery({ ...message, parentId: parent.id }, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel });
}

/** Asks the device, and says how it answers; `null` where the ticket is not repaired any more. */
export async function renderRepairLookLine(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const [id = ''] = delivery.subjectId.split(' ');
  const ticket = await deps.store.transaction((tx) => tx.ticket(Number(id)));
  if (ticket?.state !== 'repaired') return null;
  const ping = await pingDevice(deps, ticket.device).catch(() => null);
  return renderRepairLook(ticket.device, ping, wasSilent(ticket.diagnosis));
}
