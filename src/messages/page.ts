import type { Button, KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { PageEnd } from '../domain/store/paging.ts';
import type { Ticket } from '../domain/ticket.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { countOf, mention, showTime } from './wording.ts';

/** What a page's message is rendered from. */
export interface PageView {
  readonly ticket: Pick<
    Ticket,
    'id' | 'announced' | 'alertCount' | 'firstAt' | 'location' | 'region' | 'snoozedUntil'
  >;
  /** What fails where, in plain text. */
  readonly title: string;
  /** The address of the ticket's message; `null` where Slack did not say it. */
  readonly link: string | null;
  /** Where the ticket stands: a channel's id or name; null: nowhere yet. */
  readonly ticketChannel: string | null;
  /** From 0. */
  readonly step: number;
  readonly round: number;
  readonly state: 'running' | 'exhausted' | 'ended';
  readonly end: PageEnd | null;
  readonly endedAt: Date | null;
}

const endWords: Readonly<Record<string, string>> = {
  acknowledged: 'Acknowledged',
  repaired: 'Declared repaired',
  resolved: 'Resolved',
  joined: 'Part of the ticket of its server now',
  'switched-off': 'Paging was switched off',
};

/**
 * A page, as the person on call gets it (A19): what is wrong and where the ticket is, with what can be done; once
 * somebody has it, who, and no button any more.
 */
export function renderPage(view: PageView, timeZone: string): ChatMessage {
  const { ticket } = view;
  const title = escapeText(clampText(view.title, 150));
  const blocks: KnownBlock[] = [
    section(`:rotating_light: *${title}*\n>${escapeText(clampText(ticket.announced, 300))}`),
    section(`${factsText(view, timeZone)}\n${stateText(view, timeZone)}`),
    context(`Ticket ${ticket.id}${stepText(view)}`),
  ];
  if (view.state !== 'ended') {
    blocks.push(buttonRow(pageButtons(view)));
  }
  const text = view.state === 'ended' ? `${title}: ${describeEnd(view.end)}` : notificationOf(view, title);
  return clampMessage({ text, blocks });
}

/** What, how many, where, and whose turn it is, for a phone that shows no more. */
function notificationOf({ ticket }: PageView, title: string): string {
  const place = placeOf(ticket);
  const where = place === '' ? (ticket.region ?? '') : place;
  const parts = [`${title} (${countOf(ticket.alertCount, 'alert')})`, escapeText(where), 'nobody has it yet'];
  return parts.filter((part) => part !== '').join(' · ');
}

function pageButtons({ ticket, state }: PageView): Button[] {
  const id = String(ticket.id);
  return [
    button('Take it', actions.pageAcknowledge, id, { style: 'primary' }),
    ...(state === 'running' ? [button('Pass on', actions.pagePassOn, id)] : []),
    button('Snooze …', actions.ticketSnooze, id),
  ];
}

function placeOf({ location }: PageView['ticket']): string {
  const place = [location?.site, location?.building, location?.room].filter((part) => part != null);
  return clampText(place.join(' / '), 180);
}

/** `Acknowledged by @Ana in #maint-eu`. */
function describeEnd(end: PageEnd | null): string {
  if (end === null) return 'Over';
  const what = endWords[end.reason] ?? `Over (${escapeText(clampText(end.reason, 60))})`;
  const by = end.userId === null ? '' : ` by ${mention(end.userId)}`;
  const where = end.userId === null || end.place === null ? '' : ` in ${showPlace(end.place)}`;
  return `${what}${by}${where}`;
}

/** A channel by its id becomes a link; a direct message is nobody else's to open. */
export function showPlace(channel: string): string {
  if (/^D[A-Z0-9]+$/.test(channel)) return 'a direct message';
  return /^[CG][A-Z0-9]+$/.test(channel) ? `<#${channel}>` : `#${escapeText(clampText(channel, 80))}`;
}

function factsText({ ticket, ticketChannel, link }: PageView, timeZone: string): string {
  const place = placeOf(ticket);
  const facts = [
    `${countOf(ticket.alertCount, 'alert')} since ${showTime(ticket.firstAt, timeZone)}`,
    ticket.region !== null && `region ${codeSpan(clampText(ticket.region, 60))}`,
    place !== '' && escapeText(place),
    ticketChannel !== null &&
      `${link === null ? 'ticket' : `<${link}|ticket>`} in ${showPlace(ticketChannel)}`,
  ];
  return facts.filter(Boolean).join(' · ');
}

function stateText({ ticket, state, end, endedAt }: PageView, timeZone: string): string {
  const { snoozedUntil } = ticket;
  if (state !== 'ended' && snoozedUntil) return `:zzz: Snoozed until ${showTime(snoozedUntil, timeZone)}.`;
  if (state === 'running') return ':red_circle: Nobody has acknowledged this yet.';
  if (state === 'exhausted') return ':red_circle: Nobody has acknowledged this; nobody else is told.';
  const at = endedAt ? `, ${showTime(endedAt, timeZone)}` : '';
  return `:white_check_mark: *${describeEnd(end)}*${at}`;
}

function stepText({ step, round }: PageView): string {
  return ` · step ${step + 1}${round > 0 ? `, repeated the ${ordinal(round)} time` : ''}`;
}

function ordinal(n: number): string {
  const endings: Readonly<Record<number, string>> = { 1: 'st', 2: 'nd', 3: 'rd' };
  return `${n}${(n < 11 || n > 13) && endings[n % 10] ? endings[n % 10] : 'th'}`;
}
