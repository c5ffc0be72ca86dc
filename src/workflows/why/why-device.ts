import type { AlertFields } from '../../domain/alert.ts';
import type { Cause } from '../../domain/root-cause.ts';
import type { GateResult } from '../../domain/gate.ts';
import type { StoredMailLine, ToldAlert } from '../../domain/store/stored-mails.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { liveTicketStates } from '../../domain/ticket.ts';
import { clampText } from '../../messages/clamp-text.ts';
import { describeCounter } from '../../messages/counter-words.ts';
import { describeEvidence } from '../../messages/diagnosis.ts';
import { codeBlock, codeSpan, escapeText } from '../../messages/escape.ts';
import { describeGate } from '../../messages/gate-sentence.ts';
import { describeCause } from '../../messages/scope.ts';
import { titleOf } from '../../messages/ticket-title.ts';
import {
  describeAlertsSeen,
  describeCountNow,
  describeTold,
  describeTurnedAway,
} from '../../messages/why-device.ts';
import type { WhyPart, WhyView } from '../../messages/why.ts';
import { verifyLocation } from '../../ticket/location.ts';
import type { Deps } from '../deps.ts';
import { explainCounts, explainDiagnosed, explainStoredAlert } from '../explain/explain-alert.ts';
import { explainOutage } from '../explain/explain-outage.ts';
import type { CountExplained } from '../explain/explain-scopes.ts';
import { causeOfTicket } from '../ticket/scope-of-ticket.ts';
import { locationGate } from '../explain/location-gate.ts';

const dayMs = 86_400_000;
const daysBack = 7;
const alertsRead = 200;
const mailsShown = 3;
/** Kinds of failure whose thresholds are shown. */
const kindsShown = 4;

interface Found {
  readonly name: string;
  /** The newest first. */
  readonly told: readonly ToldAlert[];
  /** Of the ticket about it, where no alert names it: a server at whose devices deliveries fail. */
  readonly behind: readonly ToldAlert[];
  readonly turnedAway: readonly StoredMailLine[];
  readonly counts: readonly CountExplained[];
  readonly tickets: readonly TicketRecord[];
  /** Of tickets that explain its alerts, by id. */
  readonly causes: ReadonlyMap<number, Cause>;
  readonly outage: GateResult;
  /** Of its newest alert; empty if there is none. */
  readonly gates: readonly GateResult[];
}

/** All that is known of a device, gate by gate; `null` if neither the inventory nor any alert or mail knows it. */
export async function whyDevice(deps: Deps, typed: string): Promise<WhyView | null> {
  const device = deps.inventory.find(typed);
  const found = await deps.store.transaction((tx) => readDevice(deps, tx, typed));
  const { told, behind, turnedAway, name } = found;
  if (!device && told.length + behind.length + turnedAway.length === 0) return null;
  const { timeZone } = deps.policies;
  const [newest] = [...told, ...behind];
  const location = device && locationGate(verifyLocation({ building: null, room: null }, device));
  const show = (gates: readonly GateResult[]) => gates.map((gate) => describeGate(gate, timeZone));
  const gateLines = (...wanted: readonly GateResult['gate'][]) =>
    show(found.gates.filter(({ gate }) => wanted.includes(gate)));
  return {
    title: name,
    answer: answerFor(found),
    parts: [
      {
        title: describeAlertsSeen(told.length, told.length === alertsRead, daysBack),
        lines: [
          ...told.slice(0, mailsShown).map((alert) => describeTold(alert, timeZone)),
          ...turnedAway.map((mail) => describeTurnedAway(mail, timeZone)),
        ],
      },
      {
        title: 'Alerts behind it',
        lines: behind.slice(0, mailsShown).map((alert) => describeTold(alert, timeZone)),
      },
      { title: 'Thresholds now', lines: countLines(found) },
      { title: 'Tickets and explanation', lines: ticketLines(found) },
      { title: 'Outage', lines: show([found.outage]) },
      diagnosisPart(found, timeZone),
      {
        title: 'Place, channel and paging',
        lines: newest ? gateLines('location', 'route', 'paging') : show(location ? [location] : []),
      },
    ],
    hint: newest ? `The newest mail, gate by gate: \`/restage why mail ${newest.mailId}\`` : null,
  };
}

async function readDevice(deps: Deps, tx: Tx, typed: string): Promise<Found> {
  const device = deps.inventory.find(typed);
  const now = deps.clock.now();
  const name = device?.name ?? typed.toLowerCase();
  const names = [name, typed.toLowerCase(), device?.fqdn, device?.ip, device?.mac].filter(
    (one) => one != null,
  );
  const since = new Date(now.getTime() - daysBack * dayMs);
  const told = await tx.alertsAbout([...new Set(names)], since, alertsRead);
  const turnedAway = await tx.mailsNaming([...new Set(names)], since, mailsShown);
  const tickets = await readTickets(tx, told, name);
  const [about] = tickets;
  const behind = told.length === 0 && about ? await tx.newestAlertsOf(about.id, alertsRead) : [];
  const [newest] = [...told, ...behind];
  const subject = { device: name, recipient: null, region: null, building: null, at: now };
  return {
    name,
    told,
    behind,
    turnedAway,
    counts: await readCounts(deps, tx, [...told, ...behind]),
    tickets,
    causes: await readCauses(tx, tickets),
    outage: await explainOutage(deps, tx, subject, name),
    gates: newest ? await explainStoredAlert(deps, tx, newest) : [],
  };
}

/** Those that still take in alerts first, then the newest; with those that are about the device itself. */
async function readTickets(
  tx: Tx,
  told: readonly ToldAlert[],
  name: string,
): Promise<readonly TicketRecord[]> {
  const ids = new Set(told.flatMap(({ ticketId }) => ticketId ?? []));
  const unseen = (await tx.ticketsIn(['candidate', 'held'])).filter(
    ({ subject, device }) => subject === name || device === name,
  );
  for (const { id } of [...(await tx.shownTicketsAbout([name])), ...unseen]) ids.add(id);
  const tickets = [...(await tx.ticketsAsTheyAre([...ids])).values()];
  return tickets
    .toSorted((a, b) => Number(isLive(b)) - Number(isLive(a)) || b.id - a.id)
    .slice(0, mailsShown);
}

async function readCauses(tx: Tx, tickets: readonly TicketRecord[]): Promise<ReadonlyMap<number, Cause>> {
  const causes = new Map<number, Cause>();
  for (const ticket of tickets) {
    const cause = await causeOfTicket(tx, ticket);
    if (cause !== null) causes.set(ticket.id, cause);
  }
  return causes;
}

/** What each rule counts now for the kinds of failure that came last. */
async function readCounts(
  deps: Deps,
  tx: Tx,
  told: readonly ToldAlert[],
): Promise<readonly CountExplained[]> {
  const kinds = new Map<string, AlertFields>();
  for (const alert of told) if (!kinds.has(alert.counter)) kinds.set(alert.counter, alert);
  const counts = new Map<string, CountExplained>();
  for (const alert of [...kinds.values()].slice(0, kindsShown))
    for (const count of await explainCounts(deps, tx, alert, deps.clock.now()))
      counts.set(count.counter, count);
  return [...counts.values()];
}

function isLive({ state }: Pick<TicketRecord, 'state'>): boolean {
  return liveTicketStates.some((live) => live === state);
}

function answerFor({ name, tickets, told, outage, counts, turnedAway }: Found): string {
  const device = codeSpan(clampText(name, 80));
  const live = tickets.find(isLive);
  const out = outage.passed ? '' : ' It is out for maintenance now.';
  if (live) return `${device} has ${describeLive(live)}.${out}`;
  if (!outage.passed) return `${device} has no ticket: it is out for maintenance.`;
  const nearest = counts.find(({ met }) => !met);
  const counting = told.some(({ state }) => state === 'counted');
  if (counting && nearest) return `${device} has no ticket yet. ${describeCountNow(nearest)}`;
  if (told.length > 0)
    return `${device} has no open ticket: none of its alerts of the last ${daysBack} days counts now.`;
  return turnedAway.length > 0
    ? `${device} has no ticket: mails name it, and none of them was taken for an alert.`
    : `${device} has no ticket: no alert about it came in the last ${daysBack} days.`;
}

function describeLive({ id, state }: TicketRecord): string {
  if (state === 'candidate') return `a problem under examination (ticket ${id})`;
  return state === 'held'
    ? `no ticket yet: it is held (ticket ${id}); \`/restage held\``
    : `ticket ${id}, ${state}`;
}

/** Of the ticket that says most, with what each probe saw. */
function diagnosisPart({ tickets }: Found, timeZone: string): WhyPart {
  const ticket = tickets.find(({ diagnosis }) => diagnosis !== null) ?? tickets[0] ?? null;
  const probes = ticket?.diagnosis ? [codeBlock(describeEvidence(ticket.diagnosis.evidence).join('\n'))] : [];
  return { title: 'Diagnosis', lines: [describeGate(explainDiagnosed(ticket), timeZone), ...probes] };
}

/** What is in a ticket counts nowhere else. */
function countLines({ counts, tickets }: Found): readonly string[] {
  const live = tickets.find(isLive);
  const lines = counts.filter(({ counted }) => !live || counted > 0).map(describeCountNow);
  return live ? [`What comes now joins ticket ${live.id}, if that explains it.`, ...lines] : lines;
}

/** What took a device's alerts in, if that is not its own ticket, and why. */
function ticketLines({ tickets, causes, told }: Found): readonly string[] {
  return tickets.map((ticket) => {
    const cause = causes.get(ticket.id);
    const own = told.find(({ ticketId }) => ticketId === ticket.id);
    const isWider = own !== undefined && own.counter !== ticket.counter;
    const why = isWider
      ? `; it counts ${describeCounter(ticket.counter)}, and took in ${describeCounter(own.counter)}`
      : '';
    const because = cause === undefined ? '' : `. ${describeCause(cause)}`;
    return `Ticket ${ticket.id}, ${ticket.state}: ${escapeText(titleOf(ticket, null))}${why}${because}.`;
  });
}
