import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { Ticket } from '../domain/ticket.ts';
import { context, section } from './blocks.ts';
import { clampMrkdwn, clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { type HeldView, heldLine } from './held.ts';
import { clampMessage } from './limits.ts';
import { describeBefore, describeRecurring, type RecurringView } from './recurring.ts';
import { failureName } from './ticket-fields.ts';
import { type ListedTicket, ticketLine } from './ticket-list.ts';
import { mention, showDuration, showTime } from './wording.ts';

/** What one shift leaves to the next. Each ticket stands in one part only, except that it may fail every night too. */
export interface HandoverView {
  /** `null`: everything. */
  readonly region: string | null;
  readonly since: Date;
  readonly now: Date;
  /** Slack user ids; `null` if nobody, or if it was asked for within a shift. */
  readonly from: string | null;
  readonly to: string | null;
  readonly open: HandedOver<ListedTicket>;
  readonly held: HandedOver<HeldView>;
  readonly out: HandedOver<OutLine>;
  readonly waiting: HandedOver<ListedTicket & { readonly postAt: Date }>;
  readonly quiet: HandedOver<ListedTicket & { readonly quietMs: number }>;
  readonly nightly: HandedOver<NightlyLine>;
  readonly closed: HandedOver<ClosedLine>;
}

/** The first few, and how many there are in all. */
export interface HandedOver<Line> {
  readonly lines: readonly Line[];
  readonly total: number;
}

export interface OutLine {
  /** As people type it: `server:int-38`. */
  readonly target: string;
  readonly until: Date;
  readonly reason: string;
}

export interface NightlyLine extends Pick<Ticket, 'id' | 'subject' | 'failure'> {
  readonly recurring: RecurringView;
}

export interface ClosedLine extends Pick<Ticket, 'id' | 'subject' | 'failure' | 'reason'> {
  readonly resolvedAt: Date;
}

/** Lines of each part. */
export const handedOverShown = 8;

/** Nobody needs to read it. */
export function isNothingHandedOver(view: HandoverView): boolean {
  return partsOf(view, 'UTC').every(({ total }) => total === 0);
}

/** What is open, held, out, waiting, quiet, failing every night, and what has closed by itself since the shift began. */
export function renderHandover(view: HandoverView, timeZone: string): ChatMessage {
  const parts = partsOf(view, timeZone).filter(({ total }) => total > 0);
  const where = view.region === null ? '' : ` ${escapeText(clampText(view.region, 60))}`;
  const sums = parts.map(({ title, total }) => `${total} ${title.toLowerCase()}`).join(', ');
  const who = view.from === null ? '' : `: ${mention(view.from)} → ${view.to ? mention(view.to) : 'nobody'}`;
  const text = `Handover${where}${who}${sums === '' ? ': nothing is open, held or out' : ` · ${sums}`}`;
  const blocks: KnownBlock[] = [
    section(`*Handover${where}*${who}`),
    ...parts.map((part) => section(renderPart(part, view.region))),
    context(
      sums === '' ? 'Nothing is open, held or out.' : `since ${showTime(view.since, timeZone)}: ${sums}`,
    ),
  ];
  return clampMessage({ text, blocks });
}

interface Part {
  readonly title: string;
  readonly lines: readonly string[];
  readonly total: number;
  /** Lists the rest; `null` if nothing does. */
  readonly command: string | null;
}

function partsOf(view: HandoverView, timeZone: string): readonly Part[] {
  const part = <Line>(
    title: string,
    { lines, total }: HandedOver<Line>,
    show: (line: Line) => string,
    command: string | null = null,
  ): Part => ({ title, lines: lines.slice(0, handedOverShown).map(show), total, command });
  return [
    part('Open', view.open, (line) => ticketLine(line, timeZone), 'tickets'),
    part('Held', view.held, (line) => heldLine(line, timeZone), 'held'),
    part('Out for maintenance', view.out, (line) => outLine(line, timeZone), 'outages'),
    part(
      'Waiting for a digest',
      view.waiting,
      (line) => `${ticketLine(line, timeZone)} · goes out ${showTime(line.postAt, timeZone)}`,
      'tickets',
    ),
    part(
      'Quiet, not known to be repaired',
      view.quiet,
      (line) => `${ticketLine(line, timeZone)} · quiet for ${showDuration(line.quietMs)}`,
      'tickets',
    ),
    part('Failing again and again', view.nightly, nightlyLine),
    part('Closed by itself', view.closed, (line) => closedLine(line, timeZone)),
  ];
}

/** Six of the largest parts fit into a message. */
const partLength = 1_700;

function renderPart({ title, lines, total, command }: Part, region: string | null): string {
  const more = total - lines.length;
  const asked = command === 'tickets' && region !== null ? `tickets ${region}` : command;
  const how = asked === null ? '' : `: ${codeSpan(`/restage ${asked}`)}`;
  const rest = more > 0 ? [`… and ${more} more${how}`] : [];
  return clampMrkdwn([`*${title}* (${total})`, ...lines, ...rest].join('\n'), partLength);
}

function outLine({ target, until, reason }: OutLine, timeZone: string): string {
  return `:wrench: ${codeSpan(clampText(target, 80))} until ${showTime(until, timeZone)}: ${escapeText(clampText(reason, 100))}`;
}

function nightlyLine({ id, subject, failure, recurring }: NightlyLine): string {
  const said = `${nameOf({ subject, failure })}: ${describeRecurring(recurring)} (ticket ${id})`;
  return `:repeat: ${[said, describeBefore(recurring)].filter(Boolean).join(' · ')}`;
}

function closedLine({ id, subject, failure, reason, resolvedAt }: ClosedLine, timeZone: string): string {
  const why = escapeText(clampText(reason, 60)).replaceAll('-', ' ');
  return `:white_check_mark: ${nameOf({ subject, failure })}: ${why}, ${showTime(resolvedAt, timeZone)} (ticket ${id})`;
}

function nameOf({ subject, failure }: Pick<Ticket, 'subject' | 'failure'>): string {
  return `${codeSpan(clampText(subject, 60))} ${escapeText(clampText(failureName(failure), 60))}`;
}
