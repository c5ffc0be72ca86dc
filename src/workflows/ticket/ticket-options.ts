import type { JoinedTicket } from '../../domain/store/ticket-care.ts';
import type { Cause } from '../../domain/root-cause.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ScopeView } from '../../messages/scope.ts';
import type { TicketOptions } from '../../messages/ticket.ts';
import { describeTicketAction } from '../../ticket/action-taken.ts';
import { possibleEvents } from '../../ticket/lifecycle.ts';
import { serversOf } from '../redistribution/servers-of.ts';
import type { Deps } from '../deps.ts';

/** Tickets that share this one's message, those that became part of it, and what it says of where and why. */
export interface OtherTickets {
  readonly combined: readonly JoinedTicket[];
  readonly joined: readonly JoinedTicket[];
  readonly scope: ScopeView | null;
  readonly cause: Cause | null;
}

/** What a ticket's message needs beside the ticket. */
export function ticketOptions(
  deps: Deps,
  ticket: Ticket,
  { combined, joined, scope, cause }: OtherTickets,
): TicketOptions {
  const { timeZone, ticket: policy } = deps.policies;
  const now = deps.clock.now();
  return {
    timeZone,
    now,
    others: [...combined, ...joined],
    ...{ scope, cause },
    template: policy.template,
    actionTaken: describeTicketAction(ticket),
    canRedistribute: ticket.state === 'repaired' && serversOf(deps, [ticket]).length > 0,
    possible: possibleEvents(ticket, now, policy.reopenForMs),
  };
}
