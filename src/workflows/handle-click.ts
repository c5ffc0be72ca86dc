import type { ButtonClick } from '../domain/chat.ts';
import type { Ticket } from '../domain/ticket.ts';
import { actions } from '../messages/actions.ts';
import { renderMarkup, renderNotice } from '../messages/notice.ts';
import { codeSpan } from '../messages/escape.ts';
import { mention } from '../messages/wording.ts';
import { decideTicketClick } from '../ticket/decide-click.ts';
import { approveRedistribution, rejectRedistribution } from './decide-redistribution.ts';
import type { Deps } from './deps.ts';
import { addToThread, touchTicket } from './ticket-message.ts';

/** A click on one of our buttons. What a person should know and the message does not show is said to them alone. */
export async function handleClick(deps: Deps, click: ButtonClick): Promise<void> {
  const answer = await act(deps, click);
  if (answer !== null) await deps.chat.respond(click.responseUrl, renderNotice(answer));
}

async function act(deps: Deps, click: ButtonClick): Promise<string | null> {
  switch (click.actionId) {
    case actions.redistributionApprove:
      return approveRedistribution(deps, click);
    case actions.redistributionReject:
      return rejectRedistribution(deps, click);
    case actions.ticketAcknowledge:
      return changeTicketState(deps, click, 'acknowledged');
    case actions.ticketRepaired:
      return changeTicketState(deps, click, 'repaired');
    default:
      return `Restage does not know the button "${click.actionId}". The message may be of another version.`;
  }
}

async function changeTicketState(
  deps: Deps,
  click: ButtonClick,
  to: 'acknowledged' | 'repaired',
): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    const ticket = await tx.ticket(Number(click.value));
    if (!ticket) return 'This ticket is not known any more.';
    const decision = decideTicketClick(ticket.state, to);
    if (!decision.allowed) return decision.message;
    const now = deps.clock.now();
    const by = click.person.userId;
    await tx.changeTicket(ticket.id, {
      state: to,
      reason: `${to}-by-person`,
      ...(to === 'acknowledged'
        ? { acknowledgedBy: by, acknowledgedAt: now }
        : { repairedBy: by, repairedAt: now }),
    });
    await tx.audit({
      at: now,
      who: `${click.person.teamId}/${by}`,
      what: to,
      about: `ticket ${ticket.id}`,
    });
    await touchTicket(tx, ticket, now);
    await addToThread(deps, tx, ticket, renderMarkup(story(ticket, click, to)));
    return null;
  });
}

function story(ticket: Ticket, click: ButtonClick, to: 'acknowledged' | 'repaired'): string {
  const who = mention(click.person.userId);
  if (to === 'acknowledged') return `Acknowledged by ${who}.`;
  const servers = ticket.servers.length > 0 ? ticket.servers : [ticket.subject];
  const commands = servers.slice(0, 5).map((server) => codeSpan(`/redistribute ${server} since yesterday`));
  return `Repaired, says ${who}. What failed is re-run by ${commands.join(' or ')}.`;
}
