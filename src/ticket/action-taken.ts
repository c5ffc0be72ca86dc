import type { AlertState } from '../domain/alert.ts';
import type { Ticket } from '../domain/ticket.ts';

type ActedUpon = Pick<Ticket, 'id' | 'state' | 'reason' | 'postAt'>;

/**
 * *Action taken* of an alert (A6): `none` as long as it is only counted, then what became of it and its ticket.
 * Derived from the states, so that it can never be out of date.
 */
export function describeAction(
  alert: { readonly state: AlertState; readonly reason: string },
  ticket: ActedUpon | null,
): string {
  if (alert.state === 'ticketed') return ticket ? describeTicketAction(ticket) : 'ticket opened';
  if (alert.state === 'counted') return 'none';
  const said = alert.reason === '' ? '' : ` (${spell(alert.reason)})`;
  return `${alert.state}${said}`;
}

/** *Action taken* of a ticket, such as `ticket 12 acknowledged`, `ticket 12 resolved (all redistributed)`. */
export function describeTicketAction({ id, state, reason, postAt }: ActedUpon): string {
  switch (state) {
    case 'candidate':
      return 'under examination';
    case 'held':
    case 'voided':
    case 'suppressed':
      return `${state} (${spell(reason)})`;
    case 'open':
      if (reason === 'failed-again-after-repair')
        return `ticket ${id} opened again (failed again after repair)`;
      if (reason === 'still-fails') return `ticket ${id} opened again (still fails)`;
      return `ticket ${id} ${postAt ? 'opened, waits for its digest' : 'opened'}`;
    case 'repaired':
      return reason === 'redistributed-in-part'
        ? `ticket ${id} repaired, redistributed in part`
        : `ticket ${id} repaired`;
    case 'acknowledged':
      return `ticket ${id} acknowledged`;
    case 'resolved':
      return `ticket ${id} resolved (${spell(reason)})`;
    case 'joined':
      return 'joined into another ticket';
  }
}

function spell(reason: string): string {
  return reason.replaceAll(/(?<=[a-z])-(?=[a-z])/g, ' ');
}
