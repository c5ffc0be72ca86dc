import type { KnownBlock, SectionBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { TicketRecord } from '../domain/store/tickets.ts';
import { liveTicketStates, type Ticket } from '../domain/ticket.ts';
import { actions } from './actions.ts';
import { button, context, header, section } from './blocks.ts';
import { clampMrkdwn, clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { stateWords } from './ticket-summary.ts';
import { countOf, showTime } from './wording.ts';

export interface DigestTicket extends TicketRecord {
  /** What fails where, in plain text. */
  readonly title: string;
}

export interface DigestOptions {
  /** IANA zone for readers whose Slack shows no dates. */
  readonly timeZone: string;
  readonly now: Date;
  /** When it went out. */
  readonly postAt: Date;
}

/** More than these would not fit; the others can be chosen from a list. */
const shownWithButton = 12;
const listed = 40;

const marks: Readonly<Partial<Record<Ticket['state'], string>>> = {
  acknowledged: ':large_yellow_circle:',
  repaired: ':wrench:',
};

/**
 * The tickets that waited for this time as one message (A15), the heaviest first; those that are over or have been taken
 * up last, so that the others move up. Each has a button that gives it a message of its own.
 */
export function renderDigest(tickets: readonly DigestTicket[], options: DigestOptions): ChatMessage {
  const sorted = tickets.toSorted((a, b) => rank(a) - rank(b) || b.alertCount - a.alertCount || a.id - b.id);
  const title = countTickets(tickets);
  const later = sorted.slice(shownWithButton);
  const rest = later.filter((ticket) => !isOver(ticket));
  const over = later.length - rest.length;
  const blocks: KnownBlock[] = [
    header(`Digest: ${title}`),
    ...sorted.slice(0, shownWithButton).map((ticket) => ticketSection(ticket, options)),
    ...(rest.length > 0 ? [chooser(rest)] : []),
    ...(over > 0 ? [context(`and ${over} more that ${over === 1 ? 'is' : 'are'} over`)] : []),
    context(
      `Held until ${showTime(options.postAt, options.timeZone)} · as of ${showTime(options.now, options.timeZone)}`,
    ),
  ];
  return clampMessage({ text: `Digest: ${title}`, blocks });
}

/** Counts alerts of open tickets only. */
function countTickets(tickets: readonly DigestTicket[]): string {
  const open = tickets.filter((ticket) => !isOver(ticket));
  const over = tickets.length - open.length;
  const alerts = open.reduce((sum, ticket) => sum + ticket.alertCount, 0);
  const counted = [
    open.length > 0 && `${countOf(open.length, 'open ticket')}, ${countOf(alerts, 'alert')}`,
    over > 0 && (open.length > 0 ? `${over} over` : `${countOf(over, 'ticket')}, over`),
  ];
  return counted.filter(Boolean).join('; ') || 'no tickets';
}

/** Those that are over stand last, also behind those that were taken up. */
function rank(ticket: TicketRecord): number {
  if (isOver(ticket)) return 2;
  return ticket.told === null ? 0 : 1;
}

function isOver({ state }: TicketRecord): boolean {
  return !liveTicketStates.some((live) => live === state);
}

function ticketSection(ticket: DigestTicket, { timeZone }: DigestOptions): SectionBlock {
  const mark = isOver(ticket) ? ':white_check_mark:' : (marks[ticket.state] ?? ':red_circle:');
  const line = `${mark} ${escapeText(clampText(ticket.title, 150))}`;
  const place = [ticket.location?.building, ticket.location?.room].filter((part) => part != null);
  const details = [
    countOf(ticket.alertCount, 'alert'),
    `last ${showTime(ticket.lastAt, timeZone)}`,
    place.length > 0 && escapeText(clampText(place.join(' / '), 60)),
    ticket.state !== 'open' && stateWords[ticket.state],
    ticket.told !== null && 'taken up',
  ];
  const text = section(`${line}\n${details.filter(Boolean).join(' · ')}`);
  if (ticket.told !== null || isOver(ticket)) return text;
  return { ...text, accessory: button('Take up', actions.ticketTakeUp, String(ticket.id)) };
}

function chooser(tickets: readonly DigestTicket[]): SectionBlock {
  const options = tickets.slice(0, listed).map((ticket) => ({
    text: {
      type: 'plain_text' as const,
      text: clampMrkdwn(escapeText(`${ticket.title} (${ticket.alertCount})`), 75),
      emoji: false,
    },
    value: String(ticket.id),
  }));
  const more = tickets.length - options.length;
  return {
    ...section(
      `and ${countOf(tickets.length, 'more ticket')}${more > 0 ? `, the first ${listed} of them here` : ''}`,
    ),
    accessory: {
      type: 'static_select',
      action_id: actions.ticketTakeUp,
      placeholder: { type: 'plain_text', text: 'Take up …', emoji: false },
      options,
    },
  };
}
