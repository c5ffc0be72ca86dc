import type { GateResult } from '../../domain/gate.ts';
import type { ToldAlert } from '../../domain/store/stored-mails.ts';
import type { JoinedTicket } from '../../domain/store/ticket-care.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { JudgedSymptom } from '../../domain/symptom.ts';
import { clampText } from '../../messages/clamp-text.ts';
import { describeCounter } from '../../messages/counter-words.ts';
import { describeEvidence } from '../../messages/diagnosis.ts';
import { codeBlock, codeSpan, escapeText } from '../../messages/escape.ts';
import { recurringLine } from '../../messages/recurring.ts';
import { describeCause } from '../../messages/scope.ts';
import { failureName } from '../../messages/ticket-fields.ts';
import { titleOf } from '../../messages/ticket-title.ts';
import { describeFailing, describeOver, describeStanding } from '../../messages/why-ticket.ts';
import { gatePart } from '../../messages/why-device.ts';
import type { WhyPart, WhyView } from '../../messages/why.ts';
import { countOf, showDuration, showSpan, showTime } from '../../messages/wording.ts';
import { describeTicketAction } from '../../ticket/action-taken.ts';
import { wantedEvidence } from '../../ticket/closing-evidence.ts';
import { wasSilent } from '../../ticket/decide-closing.ts';
import type { Deps } from '../deps.ts';
import { explainStoredAlert } from '../explain/explain-alert.ts';
import { quietOf } from '../ticket/note-flapping.ts';
import {
  findPostedBefore,
  linkRecurring,
  type PostedRecurring,
  readRecurring,
} from '../ticket/read-recurring.ts';
import { defaultQuietMs, readSymptoms } from '../ticket/read-symptoms.ts';
import { causeOfTicket, scopeOfTicket } from '../ticket/scope-of-ticket.ts';

/** Why a ticket opened, what still fails, and what would close it; `null` if there is none of this id. */
export async function whyTicket(deps: Deps, id: number): Promise<WhyView | null> {
  const found = await deps.store.transaction((tx) => readTicket(deps, tx, id));
  if (!found) return null;
  const { ticket, title, symptoms } = found;
  const again = await Promise.all(found.recurring.map((one) => linkRecurring(deps, one, id)));
  return {
    title: `ticket ${id}`,
    answer: `*${escapeText(title)}*: ${describeTicketAction(ticket)}. ${describeStanding(symptoms)}`,
    parts: [
      openedPart(deps, found),
      failingPart(deps, found),
      overPart(deps, symptoms),
      { title: 'Again and again', lines: [...again.map(recurringLine), ...flappingLines(deps, found)] },
      joinedPart(found),
      probesPart(deps, ticket),
      gatePart('Place, channel and paging', found.gates, deps.policies.timeZone),
    ],
    hint: null,
  };
}

interface Found {
  readonly ticket: TicketRecord;
  /** With those that share its message. */
  readonly all: readonly TicketRecord[];
  readonly title: string;
  readonly cause: string | null;
  readonly symptoms: readonly JudgedSymptom[];
  readonly joined: readonly JoinedTicket[];
  /** What fails again and again, of it and of those that share its message. */
  readonly recurring: readonly PostedRecurring[];
  readonly newest: ToldAlert | null;
  readonly gates: readonly GateResult[];
}

async function readTicket(deps: Deps, tx: Tx, id: number): Promise<Found | null> {
  const ticket = await tx.ticket(id);
  if (!ticket) return null;
  const parts = await tx.ticketsCombinedInto([id]);
  const [newest = null] = await tx.newestAlertsOf(id, 1);
  const cause = await causeOfTicket(tx, ticket);
  const scope = await scopeOfTicket(tx, ticket);
  const gates = newest ? await explainStoredAlert(deps, tx, newest) : [];
  return {
    ticket,
    all: [ticket, ...parts],
    title: titleOf(ticket, scope?.title ?? null),
    cause: cause && describeCause(cause),
    symptoms: await readSymptoms(deps, tx, [ticket, ...parts]),
    joined: await tx.ticketsJoinedInto(id),
    recurring: await findPostedBefore(tx, await readRecurring(deps, tx, [ticket, ...parts])),
    newest,
    gates: gates.filter(({ gate }) => ['location', 'route', 'paging'].includes(gate)),
  };
}

function openedPart({ policies }: Deps, { ticket, newest, cause }: Found): WhyPart {
  const { counter, alertCount, deviceCount, firstAt, lastAt, openedAt, afterOutage, diagnosis } = ticket;
  const span = showSpan(firstAt, lastAt, policies.timeZone);
  const rule = newest === null ? '' : ` The rule ${codeSpan(clampText(newest.ruleId, 60))} counts them.`;
  const counted = `${countOf(alertCount, 'alert')} of ${countOf(deviceCount, 'device')} count for ${describeCounter(counter)}, ${span}.${rule}`;
  const lines = [
    counted,
    cause && `Cause: ${cause}.`,
    afterOutage &&
      `They count although ${codeSpan(clampText(afterOutage.window, 80))} was out: it still failed at the end.`,
    diagnosis && `Diagnosis: ${escapeText(clampText(diagnosis.reason, 300))}`,
    openedAt
      ? `It opened ${showTime(openedAt, policies.timeZone)}.`
      : `It is ${ticket.state} and was never shown.`,
  ];
  return { title: 'Why it opened', lines: lines.filter((line) => typeof line === 'string') };
}

function failingPart({ policies }: Deps, { all, symptoms }: Found): WhyPart {
  const silent = new Set(all.filter(({ diagnosis }) => wasSilent(diagnosis)).map(({ id }) => id));
  const pingQuietMs = policies.ticket.autoResolveAfterMs;
  const failing = symptoms.filter(({ state }) => state === 'failing');
  const lines = failing.map((symptom) => {
    const situation = { pingQuietMs, repairQuietMs: pingQuietMs ?? defaultQuietMs };
    const wanted = wantedEvidence(symptom, { ...situation, wasSilent: silent.has(symptom.ticketId) });
    return describeFailing(symptom, wanted, policies.timeZone);
  });
  return { title: 'What still fails, and what would end it', lines };
}

function flappingLines(deps: Deps, { ticket, symptoms }: Found): readonly string[] {
  const since = ticket.flapping?.since;
  if (since == null || ticket.state === 'resolved') return [];
  const quiet = showDuration(quietOf(deps, symptoms));
  return [
    `:repeat: It comes and goes, as known since ${showTime(new Date(since), deps.policies.timeZone)}: it closes once nothing has failed for ${quiet}.`,
  ];
}

function overPart({ policies }: Deps, symptoms: readonly JudgedSymptom[]): WhyPart {
  const over = symptoms.filter(({ state }) => state !== 'failing');
  return { title: 'What is over', lines: over.map((one) => describeOver(one, policies.timeZone)) };
}

function joinedPart({ ticket, all, joined }: Found): WhyPart {
  const { joinedInto, combinedInto } = ticket;
  const name = ({ subject, failure, alertCount }: JoinedTicket) =>
    `${codeSpan(clampText(subject, 60))} ${escapeText(clampText(failureName(failure), 60))} (${countOf(alertCount, 'alert')})`;
  const own = [
    joinedInto !== null &&
      `It became part of ticket ${joinedInto}, which explains it: \`/restage why #${joinedInto}\``,
    combinedInto !== null && `It shares the message of ticket ${combinedInto}.`,
  ].filter((line) => line !== false);
  const took = joined.map((one) => `It took in ${name(one)}.`);
  const shares = all.slice(1).map((one) => `Ticket ${one.id} shares its message: ${name(one)}.`);
  return { title: 'Other tickets', lines: [...own, ...took, ...shares] };
}

function probesPart({ policies }: Deps, { diagnosis }: TicketRecord): WhyPart {
  if (!diagnosis) return { title: 'Probes', lines: [] };
  const lines = [codeBlock(describeEvidence(diagnosis.evidence).join('\n'))];
  return { title: `Probes, ${showTime(diagnosis.evidence.probedAt, policies.timeZone)}`, lines };
}
