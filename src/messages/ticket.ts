import type { Button, KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { Ticket, TicketState, VerifiedLocation } from '../domain/ticket.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, fields, header, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { foldNames } from './fold-names.ts';
import { clampMessage } from './limits.ts';
import { countOf, listNames, mention, showDuration, showSpan, showTime } from './wording.ts';

export interface TicketOptions {
  /** IANA zone for readers whose Slack shows no dates. */
  readonly timeZone: string;
  readonly now: Date;
}

const stateWords: Readonly<Record<TicketState, string>> = {
  candidate: 'Candidate',
  held: ':hourglass: *Held*',
  open: ':red_circle: *Open*',
  acknowledged: ':large_yellow_circle: *Acknowledged*',
  repaired: ':wrench: *Repaired*',
  resolved: ':white_check_mark: *Resolved*',
  voided: 'Voided by an outage',
  suppressed: 'Suppressed by the diagnosis',
};

const failureWords: ReadonlyMap<string, string> = new Map([
  ['connection', 'connection error'],
  ['package', 'failed package'],
  ['access', 'access failure'],
]);

const verdictWords: Readonly<Record<Diagnosis['verdict'], string>> = {
  'device-down': 'device down',
  'network-down': 'network down',
  reachable: 'reachable',
  inconclusive: 'inconclusive',
};

/**
 * A ticket as people see it in its channel (A13): what is wrong where, since when, and who is on it. Whatever the
 * ticket's fields hold, the message is one that Slack accepts and that mentions nobody but those who clicked.
 */
export function renderTicket(ticket: Ticket, options: TicketOptions): ChatMessage {
  const title = `${clampText(ticket.subject, 60)}: ${clampText(failureName(ticket.failure), 60)}`;
  const blocks: KnownBlock[] = [
    header(escapeText(title)),
    section(`${stateLine(ticket, options)}\n>${escapeText(clampText(ticket.announced, 300))}`),
    fields(ticketFields(ticket, options)),
    section(`*Diagnosis*\n${diagnosisText(ticket.diagnosis)}`),
    context(
      [devicesText(ticket), peopleText(ticket, options), idText(ticket, options)].filter(Boolean).join('\n'),
    ),
  ];
  const buttons = ticketButtons(ticket);
  if (buttons.length > 0) blocks.push(buttonRow(buttons));
  return clampMessage({ text: `${escapeText(title)} (${countOf(ticket.alertCount, 'alert')})`, blocks });
}

function failureName(failure: string): string {
  return failureWords.get(failure) ?? failure;
}

function stateLine(ticket: Ticket, { timeZone }: TicketOptions): string {
  const opened = ticket.openedAt && `opened ${showTime(ticket.openedAt, timeZone)}`;
  const region = ticket.region !== null && `region ${codeSpan(clampText(ticket.region, 60))}`;
  return [stateWords[ticket.state], opened, region].filter(Boolean).join(' · ');
}

function ticketFields(ticket: Ticket, { timeZone }: TicketOptions): [string, string][] {
  return [
    ['Device', codeSpan(clampText(ticket.subject, 120))],
    ['Failure', escapeText(clampText(failureName(ticket.failure), 60))],
    ['Alerts', alertsText(ticket)],
    ['First – last', showSpan(ticket.firstAt, ticket.lastAt, timeZone)],
    ['Package', listNames(ticket.packages, 4)],
    ['Job', listNames(ticket.jobs, 4)],
    ['Distribution server', listNames(ticket.servers, 4)],
    ['Location', locationText(ticket.location)],
  ];
}

/** Mails are dated to the second. */
function alertsText({ alertCount, firstAt, lastAt }: Ticket): string {
  if (alertCount < 2) return String(alertCount);
  return `${alertCount} in ${showDuration(Math.max(1000, lastAt.getTime() - firstAt.getTime()))}`;
}

function locationText(location: VerifiedLocation | null): string {
  if (location === null) return 'not checked yet';
  if (!location.known) return ':warning: not in the inventory';
  const place = [location.site, location.building, location.room].filter((part) => part !== null);
  const verified =
    place.length === 0 ? '–' : place.map((part) => escapeText(clampText(part, 60))).join(' / ');
  const corrections = location.corrections
    .slice(0, 3)
    .map((text) => `:warning: _${escapeText(clampText(text, 120))}_`);
  return [verified, ...corrections].join('\n');
}

function diagnosisText(diagnosis: Diagnosis | null): string {
  if (diagnosis === null) return 'none yet';
  const hop = diagnosis.hop === null ? '' : ` at hop ${diagnosis.hop}`;
  return `*${verdictWords[diagnosis.verdict]}${hop}*: ${escapeText(clampText(diagnosis.reason, 300))}`;
}

function devicesText(ticket: Ticket): string {
  if (ticket.deviceCount === 0) return '';
  const named = escapeText(clampText(foldNames(ticket.devices), 300));
  const more = Math.max(0, ticket.deviceCount - ticket.devices.length);
  const counted = countOf(ticket.deviceCount, 'device');
  return `${counted} named: ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

function peopleText(ticket: Ticket, { timeZone }: TicketOptions): string {
  const deeds = [
    deed('Acknowledged', ticket.acknowledgedBy, ticket.acknowledgedAt, timeZone),
    deed('Repaired', ticket.repairedBy, ticket.repairedAt, timeZone),
  ];
  return deeds.filter(Boolean).join(' · ');
}

function deed(what: string, by: string | null, at: Date | null, timeZone: string): string {
  if (by === null && at === null) return '';
  return [what, by !== null && `by ${mention(by)}`, at && showTime(at, timeZone)].filter(Boolean).join(' ');
}

function idText(ticket: Ticket, { timeZone, now }: TicketOptions): string {
  return `Ticket ${ticket.id} · as of ${showTime(now, timeZone)}`;
}

function ticketButtons(ticket: Ticket): Button[] {
  const id = String(ticket.id);
  const acknowledge = button('Acknowledge', actions.ticketAcknowledge, id, { style: 'primary' });
  const repaired = button('Repaired', actions.ticketRepaired, id);
  if (ticket.state === 'open') return [acknowledge, repaired];
  return ticket.state === 'acknowledged' ? [repaired] : [];
}
