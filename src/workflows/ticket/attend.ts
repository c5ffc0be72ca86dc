import { evidenceOfTicket } from '../../domain/evidence.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { JudgedSymptom } from '../../domain/symptom.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import { describeClosing } from '../../messages/closing.ts';
import { countOf } from '../../messages/wording.ts';
import { type ClosingDecision, decideClosing, wasSilent } from '../../ticket/decide-closing.ts';
import { decideQuietDay } from '../../ticket/quiet-day.ts';
import type { Deps } from '../deps.ts';
import { longestRecheckMs, longestWaits } from '../longest-waits.ts';
import { countLeft, findLeft } from '../counting/count-left.ts';
import { changeTicket } from './change-ticket.ts';
import { findFlaps, type SymptomFlaps } from './find-flaps.ts';
import { enoughFlaps, noteFlapping, quietOf } from './note-flapping.ts';
import { pingDevice } from './ping-device.ts';
import { readSymptoms } from './read-symptoms.ts';
import { continueStory } from './tell-story.ts';
import { touchTicket } from './ticket-message.ts';

/**
 * Looks after a ticket that people have seen (A17): wakes it when its snooze is over, judges its symptoms by all that is
 * known, and resolves it when none is left. Calling it again for a ticket that needs nothing does nothing.
 */
export async function attendTicket(deps: Deps, ticketId: number): Promise<void> {
  const before = await deps.store.transaction((tx) => judge(deps, tx, ticketId));
  if (!before) return;
  const { snoozedUntil } = before.ticket;
  if (snoozedUntil && isTimeUp(snoozedUntil, deps.clock.now(), longestWaits.snooze))
    await wake(deps, before.ticket);
  const answered = await askDevices(deps, before);
  await deps.store.countingTransaction(async (tx) => {
    // An alert may have come while a device was asked: what was asked before that is older than the alert.
    await tx.addEvidence([...answered, ...findLeftDevices(deps, before)]);
    const judged = await judge(deps, tx, ticketId);
    if (judged) await follow(deps, tx, judged);
  });
}

/** A ticket with those that share its message: they have one fate. */
interface Judged {
  readonly ticket: TicketRecord;
  readonly parts: readonly TicketRecord[];
  readonly symptoms: readonly JudgedSymptom[];
  readonly decision: ClosingDecision;
  readonly flaps: readonly SymptomFlaps[];
}

async function judge(deps: Deps, tx: Tx, ticketId: number): Promise<Judged | null> {
  const named = await tx.ticket(ticketId);
  const ticket = named?.combinedInto == null ? named : await tx.ticket(named.combinedInto);
  if (!ticket || !['open', 'acknowledged', 'repaired'].includes(ticket.state)) return null;
  const parts = await tx.ticketsCombinedInto([ticket.id]);
  const all = [ticket, ...parts];
  const symptoms = await readSymptoms(deps, tx, all);
  const flaps = enoughFlaps(ticket, symptoms, await findFlaps(deps, tx, all, symptoms));
  const comesAndGoes = flaps.length > 0 || ticket.flapping?.since != null;
  const silent = all.filter(({ diagnosis }) => wasSilent(diagnosis));
  const { autoResolveAfterMs, closeQuietAfterMs = null } = deps.policies.ticket;
  const decision = decideClosing(
    {
      symptoms,
      openedAt: ticket.reopenedAt ?? ticket.openedAt,
      silentAtOpening: new Set(silent.map(({ id }) => id)),
      isRepaired: all.some(({ state }) => state === 'repaired'),
      settleMs: comesAndGoes ? quietOf(deps, [...symptoms, ...flaps]) : null,
    },
    deps.clock.now(),
    { quietMs: autoResolveAfterMs, closeQuietAfterMs },
  );
  return { ticket, parts, symptoms, decision, flaps };
}

async function wake(deps: Deps, ticket: TicketRecord): Promise<void> {
  const since = ticket.alertCount - (ticket.told?.alertCount ?? ticket.alertCount);
  const note = since > 0 ? `${countOf(since, 'alert')} came meanwhile.` : 'No alert came meanwhile.';
  await deps.store.transaction(async (tx) => {
    await changeTicket(deps, tx, ticket.id, { event: 'wake', by: null, detail: { note } });
    const awake = await tx.ticket(ticket.id);
    if (awake) await continueStory(deps, tx, awake);
  });
}

/** Pings the devices of those tickets whose symptoms that could clear; the same probe had failed when they opened. */
async function askDevices(deps: Deps, { ticket, parts, decision }: Judged) {
  if (decision.close || decision.toProbe.length === 0) return [];
  const concerned = new Set(decision.toProbe.map(({ ticketId }) => ticketId));
  const askedAt = deps.clock.now();
  const asked = [ticket, ...parts].filter(({ id }) => concerned.has(id));
  const answers = await Promise.all(
    asked.map(async ({ id, device }) => {
      const { received } = await pingDevice(deps, device);
      return received > 0 ? [evidenceOfTicket(id, 'answers', askedAt, `ping of ${device}`)] : [];
    }),
  );
  return answers.flat();
}

/** What fails at a device that the inventory knew when the ticket opened, and knows no more. */
function findLeftDevices({ inventory, clock }: Deps, { ticket, parts, decision }: Judged) {
  if (decision.close || inventory.all().length === 0) return [];
  return [ticket, ...parts].flatMap(({ id, device, location, reopenedAt }) => {
    // Who opened it again knew that.
    if (reopenedAt) return [];
    const isLeft = location?.known === true && inventory.find(device) === null;
    if (!isLeft || !decision.left.some((one) => one.ticketId === id && one.device === device)) return [];
    return [{ ...evidenceOfTicket(id, 'device-left', clock.now(), 'inventory'), device }];
  });
}

async function follow(deps: Deps, tx: Tx, judged: Judged): Promise<void> {
  const { ticket, parts, symptoms, decision, flaps } = judged;
  const isNews = await noteFlapping(deps, tx, ticket, symptoms, flaps);
  const saved = [ticket, ...parts].map(({ id }) =>
    tx.saveSymptoms(
      id,
      symptoms.filter(({ ticketId }) => ticketId === id),
    ),
  );
  const hasChanged = (await Promise.all(saved)).some(Boolean);
  if (decision.close) {
    const note = describeClosing(decision.reason, symptoms, deps.clock.now());
    const detail = { reason: decision.reason, note };
    await changeTicket(deps, tx, ticket.id, { event: 'recovered', by: null, detail });
    return;
  }
  if (await endExplanation(deps, tx, judged)) return;
  const latest = deps.clock.now().getTime() + longestRecheckMs;
  const askAgainAt = decision.askAgainAt?.getTime() ?? latest;
  const quietDay = decideQuietDay(decision.left, deps.clock.now(), ticket.checkAt);
  const nextAt = quietDay.nextAt?.getTime() ?? latest;
  await tx.changeTicket(ticket.id, { checkAt: new Date(Math.min(askAgainAt, latest, nextAt)) });
  if (hasChanged || isNews || quietDay.isNew) await touchTicket(tx, ticket, deps.clock.now());
}

/**
 * Ends a ticket whose explanation does not hold for what fails still: that counts anew, and gets tickets of its own.
 * Returns whether it ended.
 */
async function endExplanation(deps: Deps, tx: Tx, { ticket, parts, symptoms }: Judged): Promise<boolean> {
  const isAnyPartFailing = symptoms.some(
    ({ ticketId, state }) => ticketId !== ticket.id && state === 'failing',
  );
  if (isAnyPartFailing || parts.length > 0) return false;
  const left = await findLeft(deps, tx, ticket, symptoms);
  if (!left) return false;
  const note = `What it explained is over. ${countOf(left.devices, 'device')} still ${left.devices === 1 ? 'fails' : 'fail'} for another cause: tickets of their own follow.`;
  const detail = { reason: 'explanation-is-over', note };
  await changeTicket(deps, tx, ticket.id, { event: 'recovered', by: null, detail });
  await countLeft(deps, tx, ticket.id, left);
  return true;
}
