import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import { renderPage } from '../../messages/page.ts';
import type { Deps } from '../deps.ts';
import { findPosted } from '../ticket/list-tickets.ts';
import { nameTicket } from '../ticket/name-ticket.ts';

/**
 * What a page's message says now; null when there is nothing to say: the page is gone, or it was over before
 * this message was sent.
 */
export async function renderPageMessage(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const view = await deps.store.transaction(async (tx) => {
    const notice = await tx.pageNotice(delivery.subjectId);
    const page = notice && (await tx.page(notice.pageId));
    const ticket = page && (await tx.ticket(page.ticketId));
    if (!ticket) return null;
    const posted = await tx.deliveryOf('ticket', String(ticket.id));
    const { round, step } = notice;
    const { state, end, endedAt } = page;
    return {
      ticket,
      title: nameTicket(ticket),
      posted: posted && (await findPosted(tx, ticket)),
      ticketChannel: posted?.postedChannel ?? ticket.channel,
      round,
      step,
      state,
      end,
      endedAt,
    };
  });
  const wasSent = delivery.ts !== null || delivery.doubt !== null;
  if (!view || (view.state === 'ended' && !wasSent)) return null;
  const link = view.posted && (await deps.chat.permalink(view.posted).catch(() => null));
  return renderPage({ ...view, link }, deps.policies.timeZone);
}
