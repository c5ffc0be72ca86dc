import type { Button, KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Cause } from '../domain/root-cause.ts';
import type { TicketField, TicketTemplate } from '../domain/ticket-policy.ts';
import type { JudgedSymptom } from '../domain/symptom.ts';
import type { Ticket, TicketEvent, TicketState } from '../domain/ticket.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, fields, header, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { describeLeft } from './closing.ts';
import { codeSpan, escapeText } from './escape.ts';
import { foldNames } from './fold-names.ts';
import { clampMessage, slackLimits } from './limits.ts';
import { outageNote } from './outage-note.ts';
import { describeCause, describeRegions, describeServers, type ScopeView } from './scope.ts';
import { failureName, fillTemplate, showField, type FieldOptions } from './ticket-fields.ts';
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
 * A ticket as people see it in its channel (A13), in the site's template: what is wrong where, since when, and who is on it.
 * Whatever the ticket's fields hold, the message is one that Slack accepts and that mentions nobody but those
 * who clicked or were chosen.
 */
export function renderTicket(ticket: Ticket, options: TicketOptions): ChatMessage {
  const { template } = options;
  const named = options.scope ? { ...ticket, subject: options.scope.title } : ticket;
  const title = fillTemplate(template.title, named, (value) => value);
  const text = template.text === null ? [] : [section(fillTemplate(template.text, named, escapeText))];
  const blocks: KnownBlock[] = [
    header(escapeText(title)),
    section(`${stateLine(ticket, options)}\n>${escapeText(clampText(ticket.announced, 300))}`),
    ...text,
    ...(options.cause ? [section(`*Cause*\n${describeCause(options.cause)}`)] : []),
    ...fieldBlocks(ticket, options),
    context(
      [
        devicesText(ticket),
        othersText(options),
        ticket.afterOutage ? outageNote(ticket.afterOutage, options.timeZone) : '',
        peopleText(ticket, options),
        `Ticket ${ticket.id} · as of ${showTime(options.now, options.timeZone)}`,
      ]
        .filter(Boolean)
        .join('\n'),
    ),
  ];
  const buttons = ticketButtons(ticket.id, options);
  if (buttons.length > 0) blocks.push(buttonRow(buttons));
  return clampMessage({ text: `${escapeText(title)} (${countOf(ticket.alertCount, 'alert')})`, blocks });
}

function stateLine(ticket: Ticket, { timeZone, symptoms = [], now, scope }: TicketOptions): string {
  const opened = ticket.openedAt && `opened ${showTime(ticket.openedAt, timeZone)}`;
  const region = !scope && ticket.region !== null && `region ${codeSpan(clampText(ticket.region, 60))}`;
  const snoozed = ticket.snoozedUntil && `:zzz: snoozed until ${showTime(ticket.snoozedUntil, timeZone)}`;
  const joined = ticket.joinedInto !== null && `joined into ticket ${ticket.joinedInto}`;
  const left = describeLeft(symptoms, now);
  const flapping = ticket.reason === 'flapping' && 'comes and goes';
  return [stateWords[ticket.state], flapping, left, joined, snoozed, opened, region]
    .filter(Boolean)
    .join(' · ');
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

function peopleText(ticket: Ticket, { timeZone }: TicketOptions): string {
  const deeds = [
    ticket.assignedTo !== null && `Assigned to ${mention(ticket.assignedTo)}`,
    deed('Acknowledged', ticket.acknowledgedBy, ticket.acknowledgedAt, timeZone),
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
