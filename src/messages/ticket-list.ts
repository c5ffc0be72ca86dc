import type { Button, KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Ticket } from '../domain/ticket.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';
import { type HeldView, heldLine } from './held.ts';
import { clampMessage, slackLimits } from './limits.ts';
import { titleOf } from './ticket-title.ts';
import { countOf, mention, showTime } from './wording.ts';

/** So many lines fit into one section and are read at one glance. */
export const ticketsOnPage = 10;

export interface ListedTicket {
  readonly ticket: Pick<
    Ticket,
    | 'id'
    | 'subject'
    | 'failure'
    | 'state'
    | 'deviceCount'
    | 'diagnosis'
    | 'alertCount'
    | 'firstAt'
    | 'snoozedUntil'
    | 'flapping'
  >;
  /** Names a subject that is no device; `null` if it is one. */
  readonly scope: string | null;
  /** In whose hands it is; `null` if in nobody's. */
  readonly owner: string | null;
  /** Address of its message; `null` if it has none, or Slack does not say. */
  readonly link: string | null;
  /** Of a ticket that is held, else `null`. */
  readonly held: HeldView | null;
}

export interface TicketPage {
  /** What was asked for, as typed. */
  readonly asked: string;
  readonly total: number;
  /** How many come before this page. */
  readonly from: number;
  readonly tickets: readonly ListedTicket[];
}

const marks: Readonly<Partial<Record<Ticket['state'], string>>> = {
  acknowledged: ':large_yellow_circle:',
  repaired: ':wrench:',
};

/** One line a ticket: nobody's first, then by the number of alerts; with buttons to the pages before and after. */
export function renderTicketList({ asked, total, from, tickets }: TicketPage, timeZone: string): ChatMessage {
  const of = asked === '' ? '' : ` for “${escapeText(clampText(asked, 100))}”`;
  const text = total === 0 ? `No ticket${of} is open or held.` : `${countOf(total, 'ticket')}${of}`;
  if (tickets.length === 0) return { text, blocks: [section(text)] };
  const blocks: KnownBlock[] = [
    section(`*${text}*`),
    section(tickets.map((one) => ticketLine(one, timeZone)).join('\n')),
  ];
  if (total > tickets.length) blocks.push(context(`${from + 1} to ${from + tickets.length} of ${total}`));
  const buttons = pageButtons(asked, from, total);
  if (buttons.length > 0) blocks.push(buttonRow(buttons));
  return clampMessage({ text, blocks });
}

/** What fails, since when, and who has it; with its link. */
export function ticketLine({ ticket, scope, owner, link, held }: ListedTicket, timeZone: string): string {
  if (held) return heldLine(held, timeZone);
  const title = escapeText(titleOf(ticket, scope));
  const name = link === null ? `${title} (ticket ${ticket.id})` : `<${link}|${title}>`;
  const { snoozedUntil } = ticket;
  const facts = [
    countOf(ticket.alertCount, 'alert'),
    `since ${showTime(ticket.firstAt, timeZone)}`,
    owner === null ? '*nobody has it*' : mention(owner),
    ticket.flapping?.since != null && 'comes and goes',
    snoozedUntil && `:zzz: until ${showTime(snoozedUntil, timeZone)}`,
  ];
  return `${marks[ticket.state] ?? ':red_circle:'} ${name} · ${facts.filter(Boolean).join(' · ')}`;
}

function pageButtons(asked: string, from: number, total: number): readonly Button[] {
  const value = (start: number) => `${start} ${asked}`;
  if (value(total).length > slackLimits.buttonValue) return [];
  return [
    ...(from > 0
      ? [button('Previous', actions.ticketsPrevious, value(Math.max(0, from - ticketsOnPage)))]
      : []),
    ...(from + ticketsOnPage < total
      ? [button('Next', actions.ticketsNext, value(from + ticketsOnPage))]
      : []),
  ];
}

/** Reads what a click on *Next* or *Previous* carries. */
export function readPageOfTickets(value: string): { readonly from: number; readonly asked: string } {
  const [from = '', ...asked] = value.split(' ');
  return { from: Math.max(0, Number.parseInt(from, 10) || 0), asked: asked.join(' ') };
}
