import type { ButtonClick } from '../../domain/chat.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { mention } from '../../messages/wording.ts';
import type { Deps } from '../deps.ts';
import { addToThread } from '../ticket/ticket-message.ts';

/** *Pass on*: whoever is next by the policy is told now rather than after its wait. Returns why not; `null` when it is done. */
export async function passOn(deps: Deps, { value, person }: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    // Ticket before page, as whoever acknowledges locks them.
    const ticket = await tx.ticket(Number(value));
    const page = ticket && (await tx.openPageOf(ticket.id));
    if (!page) return 'This is over, or somebody has it already.';
    if (page.state !== 'running') return 'There is nobody left to pass it on to.';
    const now = deps.clock.now();
    await tx.audit({
      at: now,
      who: `${person.teamId}/${person.userId}`,
      what: 'pass on',
      about: `ticket ${ticket.id}`,
    });
    await tx.changePage(page.id, { dueAt: now });
    await tx.enqueue({ queue: 'page', ticketId: ticket.id });
    const line = `:fast_forward: ${mention(person.userId)} has passed the page on.`;
    await addToThread(deps, tx, ticket, renderMarkup(line));
    return null;
  });
}
