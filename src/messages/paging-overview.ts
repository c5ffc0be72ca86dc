import type { ChatMessage } from '../domain/chat.ts';
import type { PagingSwitch } from '../domain/paging.ts';
import type { Ticket } from '../domain/ticket.ts';
import { section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { showPlace } from './page.ts';
import { failureName } from './ticket-fields.ts';
import { mention, showTime } from './wording.ts';

export interface OnCallView {
  readonly name: string;
  /** null: could not be asked for. */
  readonly users: readonly string[] | null;
  /** Nothing changes before; null where nobody knows. */
  readonly until: Date | null;
  readonly next: string | null;
  readonly reason: 'rotation' | 'override' | 'outside-hours' | 'group' | 'group-unreadable';
}

export interface OpenTicketView extends Pick<Ticket, 'id'> {
  /** What fails where, in plain text. */
  readonly title: string;
  readonly isPaged: boolean;
  /** People and channels that were told. */
  readonly told: readonly string[];
  /** When the next step is due; null: there is none. */
  readonly dueAt: Date | null;
  /** Why it is paged then, or not at all. */
  readonly pageReason: string;
}

export interface PagingView {
  readonly onCall: readonly OnCallView[];
  readonly switches: readonly PagingSwitch[];
  readonly tickets: readonly OpenTicketView[];
}

const listed = 20;

const reasonWords: Readonly<Record<string, string>> = {
  'rule-matches': 'just opened',
  'no-answer': 'nobody has acknowledged',
  'reached-nobody': 'the last step reached nobody',
  'quiet-hours': 'quiet hours',
  'switched-off-until': 'switched off until then',
  'switched-off': 'switched off',
  snoozed: 'snoozed',
  'nobody-acknowledged': 'nobody acknowledged, all steps are done',
  'policy-not-configured': 'its policy is not in the config any more',
  'no-rule-matches': 'no rule matches',
};

/** Who is on call, what is switched off, and how far the pages of open tickets are (A19). */
export function renderPagingOverview(view: PagingView, timeZone: string): ChatMessage {
  const parts = [
    part(
      'On call now',
      view.onCall.map((one) => onCallLine(one, timeZone)),
      'no schedule in the config',
    ),
    part(
      'Switched off',
      view.switches.map((one) => switchLine(one, timeZone)),
      'nothing',
    ),
    part(
      'Open tickets',
      view.tickets.map((one) => ticketLine(one, timeZone)),
      'none',
    ),
  ];
  return clampMessage({ text: 'Paging', blocks: parts.map((text) => section(text)) });
}

function part(title: string, lines: readonly string[], none: string): string {
  const shown = lines.slice(0, listed);
  const more = lines.length > listed ? [`… and ${lines.length - listed} more`] : [];
  return [`*${title}*`, ...(lines.length === 0 ? [none] : shown), ...more].join('\n');
}

function onCallLine({ name, users, until, next, reason }: OnCallView, timeZone: string): string {
  const who = users === null ? 'can not be read from Slack' : users.map(mention).join(', ') || 'nobody';
  const stand = reason === 'override' ? ' (override)' : '';
  const then = until ? ` until ${showTime(until, timeZone)}, then ${next ? mention(next) : 'nobody'}` : '';
  return `${codeSpan(name)}: ${who}${stand}${then}`;
}

function switchLine({ device, failure, until, by }: PagingSwitch, timeZone: string): string {
  const what = failure === null ? '' : ` ${escapeText(clampText(failureName(failure), 60))}`;
  const end = until ? ` until ${showTime(until, timeZone)}` : '';
  return `${codeSpan(clampText(device, 80))}${what}${end}, by ${mention(by)}`;
}

function ticketLine(ticket: OpenTicketView, timeZone: string): string {
  const { title, told, dueAt, pageReason, isPaged } = ticket;
  const people = told.map((recipient) =>
    /^[UW]/.test(recipient) ? mention(recipient) : showPlace(recipient),
  );
  const who = told.length > 0 ? `told ${people.join(', ')}` : isPaged ? 'nobody told yet' : 'not paged';
  const why = reasonWords[pageReason] ?? escapeText(pageReason);
  const next = dueAt ? `, next ${showTime(dueAt, timeZone)}` : '';
  return `Ticket ${ticket.id}, ${escapeText(clampText(title, 150))}: ${who}${next} (${why})`;
}
