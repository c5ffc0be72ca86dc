import type { ButtonClick } from '../../domain/chat.ts';
import { isAboutDevice } from '../../threshold/counter.ts';
import type { Deps } from '../deps.ts';
import { touchHeldLine } from './held.ts';
import { openTickets } from './open-ticket.ts';

/** A click on *Open now*: the ticket opens with what is known, without waiting for the next look. */
export async function openHeldNow(deps: Deps, click: ButtonClick): Promise<string> {
  const id = Number(click.value);
  const found = await deps.store.transaction((tx) => tx.ticket(id));
  if (found?.state !== 'held') return 'This is not held now: it is a ticket already, or it is over.';
  const device = isAboutDevice(found.counter) ? deps.inventory.find(found.device) : null;
  const { diagnosis } = found;
  await openTickets(deps, [{ ticket: found, device, diagnosis, reason: 'opened-by-hand', by: click.person }]);
  await touchHeldLine(deps, found);
  return `Ticket ${id} is open.`;
}
