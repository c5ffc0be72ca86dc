import type { Ticket, TicketEvent } from '../domain/ticket.ts';
import { codeSpan, escapeText } from './escape.ts';
import { mention, showTime } from './wording.ts';

/** What belongs to some of the events. */
export interface EventDetail {
  readonly assignee?: string;
  readonly until?: Date;
  /** Why it came about, as a stable word. */
  readonly reason?: string;
  /** More to say about it, in plain words. */
  readonly note?: string;
}

/** One line of mrkdwn for the ticket's thread: what happened, and who did it (A17). */
export function tellEvent(
  event: TicketEvent,
  ticket: Pick<Ticket, 'servers' | 'subject'>,
  userId: string | null,
  detail: EventDetail,
  timeZone: string,
): string {
  const who = userId === null ? 'Restage' : mention(userId);
  const note = detail.note === undefined ? '' : ` ${escapeText(detail.note)}`;
  switch (event) {
    case 'acknowledge':
      return `Acknowledged by ${who}.`;
    case 'assign':
      return `Assigned to ${mention(detail.assignee ?? '')} by ${who}.`;
    case 'snooze':
      return `Snoozed by ${who}${detail.until ? ` until ${showTime(detail.until, timeZone)}` : ''}: no pages, and a silent thread.`;
    case 'wake':
      return userId === null ? `Awake again: its snooze is over.${note}` : `Woken by ${who}.${note}`;
    case 'repair':
      return `${userId === null ? `Repaired: it is back.${note}` : `Repaired, says ${who}.`} What failed is re-run by ${commands(ticket)}.`;
    case 'resolve':
      return `Resolved by ${who}.`;
    case 'reopen':
      return `Opened again by ${who}.`;
    case 'failed-again':
      return detail.reason === 'still-fails'
        ? 'Opened again: it still fails, as its alert was repeated.'
        : `Opened again: it failed after the repair.${note}`;
    case 'recovered':
      return `Resolved by itself.${note}`;
    case 'redistributed':
      return 'Resolved: every failed job of this ticket is done.';
  }
}

function commands(ticket: Pick<Ticket, 'servers' | 'subject'>): string {
  const servers = ticket.servers.length > 0 ? ticket.servers : [ticket.subject];
  return servers
    .slice(0, 5)
    .map((server) => codeSpan(`/redistribute ${server}`))
    .join(' or ');
}
