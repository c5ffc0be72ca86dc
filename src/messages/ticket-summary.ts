import type { Ticket, TicketState } from '../domain/ticket.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';
import type { ScopeView } from './scope.ts';
import { countOf } from './wording.ts';

/** A ticket's state as a list or a notification says it, with whose turn it is. */
export const stateWords: Readonly<Record<TicketState, string>> = {
  candidate: 'not decided yet',
  held: 'held',
  open: 'nobody has it',
  acknowledged: 'somebody has it',
  repaired: 'said to be repaired',
  resolved: 'over',
  voided: 'over: voided by an outage',
  suppressed: 'over: explained by the diagnosis',
  joined: 'part of another ticket',
};

/**
 * Returns what a notification shows of a ticket: what is wrong, how many alerts, where, and whose turn it is. It names no
 * person, since a name here would ring.
 */
export function summarizeTicket(ticket: Ticket, title: string, scope: ScopeView | null): string {
  const { alertCount, state, assignedTo } = ticket;
  const turn = state === 'open' && assignedTo !== null ? 'assigned' : stateWords[state];
  const said = `${title} (${countOf(alertCount, 'alert')})`;
  return [said, whereOf(ticket, scope), turn]
    .filter((part) => part !== '')
    .map((part) => escapeText(part))
    .join(' · ');
}

function whereOf({ location, region }: Ticket, scope: ScopeView | null): string {
  if (scope) {
    const regions = new Set(scope.origins.map((origin) => origin.region));
    return countOf(regions.size, 'region');
  }
  const place = [location?.site, location?.building, location?.room].filter((part) => part != null);
  const shown = place.length > 0 ? place : [region].filter((part) => part !== null);
  return shown.map((part) => clampText(part, 60)).join(' / ');
}
