import type { Button, KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Cause } from '../domain/root-cause.ts';
import type { TicketField, TicketTemplate } from '../domain/ticket-policy.ts';
import type { JudgedSymptom } from '../domain/symptom.ts';
import type { Ticket, TicketEvent, TicketState } from '../domain/ticket.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, fields, header, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { describeLeft, describeStillFailing } from './closing.ts';
import { codeSpan, escapeText } from './escape.ts';
import { foldNames } from './fold-names.ts';
import { clampMessage, slackLimits } from './limits.ts';
import { outageNote } from './outage-note.ts';
import { type RecurringView, recurringLine } from './recurring.ts';
import { describeCause, describeRegions, describeServers, type ScopeView } from './scope.ts';
import { diagnosisText, failureName, fillTemplate, showField, type FieldOptions } from './ticket-fields.ts';
import { summarizeTicket } from './ticket-summary.ts';
import { titleOf } from './ticket-title.ts';
import { countOf, mention, showTime } from './wording.ts';

export interface TicketOptions extends FieldOptions {
  readonly now: Date;
  readonly template: TicketTemplate;
  /** What people can do about it now; a button each. */
  readonly possible: readonly TicketEvent[];
  /** What failed on its servers can be redistributed from here. */
  readonly canRedistribute: boolean;
  /** What fails, or did, of it and of those that share its message; left out: it is resolved. */
  readonly symptoms?: readonly JudgedSymptom[];
  /** Other tickets that share this one's message or became part of it. */
  readonly others: readonly Pick<Ticket, 'subject' | 'failure' | 'alertCount'>[];
  /** Of a ticket about more than a device. Left out or `null`: it is about one. */
  readonly scope?: ScopeView | null;
  /** Left out or `null`: its alerts say nothing of that. */
  readonly cause?: Cause | null;
  /** What fails again and again, of it and of those that share its message; left out: nothing does. */
  readonly recurring?: readonly RecurringView[];
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
  joined: ':link: *Joined*',
};

/**
 * A ticket as people see it in its channel (A13): at first what fails where, who has it, why, and what can be done; then the
 * details, in the site's template. Whatever the ticket's fields hold, the message is one that Slack accepts and that
 * mentions nobody but those who clicked or were chosen.
 */
export function renderTicket(ticket: Ticket, options: TicketOptions): ChatMessage {
  const { template, scope } = options;
  const named = scope ? { ...ticket, subject: scope.title } : ticket;
  const summary = titleOf(ticket, scope?.title ?? null);
  const title = fillTemplate(template.title, named, summary, (value) => value);
  const text =
    template.text === null ? [] : [section(fillTemplate(template.text, named, summary, escapeText))];
  const buttons = ticketButtons(ticket.id, options);
  const blocks: KnownBlock[] = [
    header(escapeText(title)),
    section(firstLines(ticket, options).join('\n')),
    ...(buttons.length > 0 ? [buttonRow(buttons)] : []),
    ...text,
    ...fieldBlocks(ticket, options),
    context(
      [
        devicesText(ticket),
        othersText(options),
        ticket.afterOutage ? outageNote(ticket.afterOutage, options.timeZone) : '',
        isOver(ticket) ? diagnosisThen(ticket, options) : '',
        isOver(ticket) && options.cause ? `Cause then: ${describeCause(options.cause)}` : '',
        peopleText(ticket, options),
        `Ticket ${ticket.id} · as of ${showTime(options.now, options.timeZone)}`,
      ]
        .filter(Boolean)
        .join('\n'),
    ),
  ];
  return clampMessage({ text: summarizeTicket(ticket, title, scope ?? null), blocks });
}

const recurringShown = 3;

/** State, owner and since when; why; what still fails; how often it has failed of late; what was announced. */
function firstLines(ticket: Ticket, options: TicketOptions): readonly string[] {
  const { cause, symptoms = [], recurring = [] } = options;
  return [
    stateLine(ticket, options),
    isOver(ticket) ? '' : diagnosisNow(ticket, options),
    cause && !isOver(ticket) ? `*Cause*  ${describeCause(cause)}` : '',
    describeStillFailing(symptoms),
    ...recurring.slice(0, recurringShown).map(recurringLine),
    `>${escapeText(clampText(ticket.announced, 300))}`,
  ].filter(Boolean);
}

function stateLine(ticket: Ticket, { timeZone, symptoms = [], now, scope }: TicketOptions): string {
  const since = `since ${showTime(ticket.openedAt ?? ticket.firstAt, timeZone)}`;
  const region = !scope && ticket.region !== null && `region ${codeSpan(clampText(ticket.region, 60))}`;
  const snoozed = ticket.snoozedUntil && `:zzz: snoozed until ${showTime(ticket.snoozedUntil, timeZone)}`;
  const joined = ticket.joinedInto !== null && `joined into ticket ${ticket.joinedInto}`;
  const left = describeLeft(symptoms, now);
  const flapping = describeFlapping(ticket, symptoms);
  return [stateWords[ticket.state], ownerText(ticket), since, flapping, left, joined, snoozed, region]
    .filter(Boolean)
    .join(' · ');
}

/** Tickets of earlier versions say it by their reason alone. */
function describeFlapping(ticket: Ticket, symptoms: readonly JudgedSymptom[]): string {
  if (ticket.flapping?.since == null && ticket.reason !== 'flapping') return '';
  if (ticket.state === 'resolved') return 'came and went';
  const isWell = symptoms.length > 0 && !symptoms.some(isFailing);
  return isWell ? 'comes and goes, well now' : 'comes and goes';
}

function ownerText(ticket: Ticket): string {
  if (!isInHand(ticket)) return '';
  const owner = ownerOf(ticket);
  return owner === null ? 'nobody has it' : `${mention(owner)} has it`;
}

function isInHand({ state }: Ticket): boolean {
  return state === 'open' || state === 'acknowledged';
}

function ownerOf({ assignedTo, acknowledgedBy }: Ticket): string | null {
  return assignedTo ?? acknowledgedBy;
}

/** Empty where the site shows the diagnosis among its fields, and in a ticket that is about no single device. */
function diagnosisNow(ticket: Ticket, { template, scope }: TicketOptions): string {
  const isField = template.fields.some(({ field }) => field === 'diagnosis');
  return scope || isField || ticket.diagnosis === null
    ? ''
    : `*Diagnosis*  ${diagnosisText(ticket.diagnosis)}`;
}

/** A diagnosis is of the time when the ticket opened. */
function diagnosisThen({ diagnosis }: Ticket, { scope }: TicketOptions): string {
  return scope || diagnosis === null ? '' : `Diagnosis then: ${diagnosisText(diagnosis)}`;
}

function isOver({ state }: Ticket): boolean {
  return state === 'repaired' || state === 'resolved';
}

/** The diagnosis has a line of its own; all others stand in two columns, ten at most in a block. */
function fieldBlocks(ticket: Ticket, options: TicketOptions): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  let pairs: [string, string][] = [];
  const flush = () => {
    if (pairs.length > 0) blocks.push(fields(pairs));
    pairs = [];
  };
  if (options.scope) pairs = scopePairs(options.scope);
  for (const { field, label } of options.template.fields) {
    if (options.scope && ofOneDevice.has(field)) continue;
    if (field === 'diagnosis' && isOver(ticket)) continue;
    const value = showField[field](ticket, options);
    if (field === 'diagnosis') {
      flush();
      blocks.push(section(`*${escapeText(label)}*\n${value}`));
    } else {
      if (pairs.length === slackLimits.fields) flush();
      pairs.push([escapeText(label), value]);
    }
  }
  flush();
  return blocks;
}

/** What would be a random device's, in a ticket about many. */
const ofOneDevice: ReadonlySet<TicketField> = new Set([
  'device',
  'location',
  'region',
  'servers',
  'diagnosis',
]);

function scopePairs({ label, title, origins }: ScopeView): [string, string][] {
  return [
    [label, escapeText(clampText(title, 120))],
    ['Regions', describeRegions(origins)],
    ['Servers', describeServers(origins)],
  ];
}

function devicesText(ticket: Ticket): string {
  if (ticket.deviceCount === 0) return '';
  const named = escapeText(clampText(foldNames(ticket.devices), 300));
  const more = Math.max(0, ticket.deviceCount - ticket.devices.length);
  const counted = countOf(ticket.deviceCount, 'device');
  return `${counted} named: ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Other failures of one device by their names; tickets of other devices by the devices'. */
function othersText({ others }: TicketOptions): string {
  if (others.length === 0) return '';
  const shown = others.slice(0, 5).map(({ subject, failure, alertCount }) => {
    const name = `${codeSpan(clampText(subject, 60))} ${escapeText(clampText(failureName(failure), 40))}`;
    return `${name} (${countOf(alertCount, 'alert')})`;
  });
  const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
  return `Combined with ${shown.join(', ')}${more}`;
}

/** Names nobody whom the first line names as the owner. */
function peopleText(ticket: Ticket, { timeZone }: TicketOptions): string {
  const { assignedTo, acknowledgedBy, repairedBy } = ticket;
  const named = isInHand(ticket) ? [ownerOf(ticket)] : [acknowledgedBy, repairedBy];
  const acknowledger = isInHand(ticket) && named.includes(acknowledgedBy) ? null : acknowledgedBy;
  const deeds = [
    assignedTo !== null && !named.includes(assignedTo) && `Assigned to ${mention(assignedTo)}`,
    deed('Acknowledged', acknowledger, ticket.acknowledgedAt, timeZone),
    deed('Repaired', ticket.repairedBy, ticket.repairedAt, timeZone),
    deed('Resolved', ticket.resolvedBy, ticket.resolvedAt, timeZone),
  ];
  return deeds.filter(Boolean).join(' · ');
}

function deed(what: string, by: string | null, at: Date | null, timeZone: string): string {
  if (by === null && at === null) return '';
  return [what, by !== null && `by ${mention(by)}`, at && showTime(at, timeZone)].filter(Boolean).join(' ');
}

function ticketButtons(ticketId: number, options: TicketOptions): Button[] {
  const { possible, canRedistribute, scope, symptoms = [] } = options;
  const id = String(ticketId);
  const buttons: Readonly<Partial<Record<TicketEvent, Button>>> = {
    acknowledge: button('Acknowledge', actions.ticketAcknowledge, id, { style: 'primary' }),
    repair: button('Repaired', actions.ticketRepaired, id),
    assign: button('Assign …', actions.ticketAssign, id),
    snooze: button('Snooze …', actions.ticketSnooze, id),
    wake: button('Wake', actions.ticketWake, id),
    resolve: button('Resolve', actions.ticketResolve, id),
    reopen: button('Reopen', actions.ticketReopen, id),
  };
  const drop = button('Drop …', actions.ticketDrop, id);
  const outage = button('Out for 2 h …', actions.ticketOutage, id);
  const redistribute = button('Find what failed', actions.ticketRedistribute, id, { style: 'primary' });
  return [
    ...(canRedistribute ? [redistribute] : []),
    ...possible.flatMap((event) => buttons[event] ?? []),
    ...(possible.includes('resolve') && symptoms.some(isFailing) ? [drop] : []),
    ...(possible.includes('repair') && !scope ? [outage] : []),
  ];
}

function isFailing({ state }: JudgedSymptom): boolean {
  return state === 'failing';
}
