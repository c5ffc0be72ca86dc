import type { Tx } from '../../domain/store/store.ts';
import type { LiveTicket } from '../../domain/store/tickets.ts';
import { renderNotice } from '../../messages/notice.ts';
import type { Deps } from '../deps.ts';
import { endPages } from '../paging/paging.ts';
import { addToThread, touchTicket } from '../ticket/ticket-message.ts';
import { isShown } from './counted-alert.ts';
import { type Recount, release } from './recount.ts';

/**
 * Ends a ticket whose alerts do not make its problem any more: they count for themselves. It becomes part of the one
 * that took alerts from it, if there is such a one.
 */
export async function endTicket(deps: Deps, tx: Tx, recount: Recount, ticket: LiveTicket): Promise<void> {
  const { id } = ticket;
  await release(deps, tx, recount, id, null);
  const taker = recount.takenBy.get(id);
  const now = deps.clock.now();
  const reason = 'explained-otherwise';
  if (taker !== undefined) await tx.joinTickets([id], taker);
  else {
    await tx.releaseAll(id);
    const end = isShown(ticket)
      ? ({ state: 'resolved', resolvedAt: now } as const)
      : ({ state: 'suppressed' } as const);
    await tx.changeTicket(id, { ...end, reason });
  }
  if (!isShown(ticket)) return;
  await endPages(deps, tx, id, { reason: 'resolved', userId: null, place: null });
  const text =
    'Its alerts have another cause, or several: they count for themselves, and get tickets of their own.';
  await addToThread(deps, tx, ticket, renderNotice(text));
  await touchTicket(tx, ticket, now);
}
