import { decideDiagnosis, policyFor } from '../../diagnosis/decide-diagnosis.ts';
import { decideRecovered } from '../../diagnosis/decide-recovered.ts';
import { judgeEvidence } from '../../diagnosis/judge-evidence.ts';
import { createBatches } from '../../domain/batches.ts';
import type { Device } from '../../domain/device.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { isAboutDevice } from '../../threshold/counter.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import { wasSilent } from '../../ticket/decide-closing.ts';
import type { Deps } from '../deps.ts';
import { longestWaits } from '../longest-waits.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { diagnosePromoted, isPromoted } from './diagnose-promoted.ts';
import { type Opening, openTickets } from './open-ticket.ts';
import { endWhereOut, findOut } from '../outage/outage-gate.ts';
import { findFlaps } from './find-flaps.ts';
import { readSymptoms } from './read-symptoms.ts';
import { touchHeldLine, wantHeldLine } from './held.ts';
import { endWithoutTicket, isUnderExamination, whileUnderExamination } from './under-examination.ts';

/** A ticket, and whether it may be out for maintenance. */
interface Found {
  readonly ticket: TicketRecord | null;
  readonly mayBeOut: boolean;
}

/** So many tickets are read, or opened, by one transaction at most. */
const together = 25;
/** Devices that are probed at once answer at nearly the same time, if they do: their tickets are opened together. */
const othersAnswerWithinMs = 100;

/**
 * Takes candidates through the gates that cost time: outage (A10), diagnosis (A11), location (A12), route (A14). Ends
 * one, puts it off, or opens the ticket. Calling it again for a ticket that has moved on does nothing. A fault of the
 * network makes hundreds of candidates at once: what is read and what is opened at the same time goes together.
 */
export function createEvaluation(deps: Deps): (ticketId: number) => Promise<void> {
  const find = createBatches(together, (ids: readonly number[]) => findTickets(deps, ids));
  let probing = 0;
  const probe = async (ticket: TicketRecord, device: Device | null): Promise<Diagnosis> => {
    probing += 1;
    try {
      return judgeEvidence(await gatherEvidence(deps, ticket.device, device));
    } finally {
      probing -= 1;
    }
  };
  const open = createBatches(
    together,
    (openings: readonly Opening[]) => openTickets(deps, openings),
    () => pause(probing > 0 ? othersAnswerWithinMs : 0),
  );
  return async (ticketId) => {
    const { ticket, mayBeOut } = await find(ticketId);
    if (ticket && isPromoted(ticket)) return diagnosePromoted(deps, ticket);
    if (!ticket || isPutOff(deps, ticket)) return;
    if (isUnderExamination(ticket)) await examine(ticket, mayBeOut);
    if (ticket.looks > 0) await touchHeldLine(deps, ticket);
  };
  async function examine(ticket: TicketRecord, mayBeOut: boolean): Promise<void> {
    if (mayBeOut && (await endWhereOut(deps, ticket))) return;
    // What is about more than a device can't be pinged.
    if (!isAboutDevice(ticket.counter))
      return open({ ticket, device: null, diagnosis: null, reason: 'several-devices' });
    const device = deps.inventory.find(ticket.device);
    const diagnosis = await probe(ticket, device);
    await follow(deps, ticket, diagnosis, (reason) => open({ ticket, device, diagnosis, reason }));
  }
}

async function findTickets(deps: Deps, ids: readonly number[]): Promise<readonly Found[]> {
  return deps.store.transaction(async (tx) => {
    const tickets = await tx.ticketsAsTheyAre(ids);
    const out = await findOut(deps, tx, [...tickets.values()].filter(isUnderExamination));
    return ids.map((id) => ({ ticket: tickets.get(id) ?? null, mayBeOut: out.has(id) }));
  });
}

function isPutOff(deps: Deps, { lookAt }: TicketRecord): boolean {
  return lookAt !== null && !isTimeUp(lookAt, deps.clock.now(), longestWaits.look(deps.policies));
}

async function follow(
  deps: Deps,
  ticket: TicketRecord,
  diagnosis: Diagnosis,
  open: (reason: string) => Promise<void>,
): Promise<void> {
  const recovered = await findRecovered(deps, ticket, diagnosis);
  if (recovered.recovered) {
    const { action, reason } = recovered;
    return action === 'ticket'
      ? open(reason)
      : endWithoutTicket(deps, ticket, 'suppressed', reason, diagnosis);
  }
  const decision = decideDiagnosis(
    diagnosis,
    ticket.looks,
    policyFor(ticket.failure, deps.policies.diagnosis),
  );
  switch (decision.action) {
    case 'suppress':
      return endWithoutTicket(deps, ticket, 'suppressed', decision.reason, diagnosis);
    case 'hold':
      return hold(deps, ticket, diagnosis, decision.reason, decision.lookAgainInMs ?? 0);
    case 'ticket':
      return open(decision.reason);
  }
}

/** Nothing is read about what was not held. */
async function findRecovered(deps: Deps, ticket: TicketRecord, diagnosis: Diagnosis) {
  if (ticket.looks === 0) return { recovered: false } as const;
  const { symptoms, flaps } = await deps.store.transaction(async (tx) => {
    const read = await readSymptoms(deps, tx, [ticket]);
    const before = { until: ticket.firstAt, least: 1 };
    return { symptoms: read, flaps: await findFlaps(deps, tx, [ticket], read, before) };
  });
  return decideRecovered({
    wasHeld: true,
    wasSilent: wasSilent(ticket.diagnosis),
    answersNow: diagnosis.verdict === 'reachable',
    isConnection: ticket.failure === 'connection',
    isCleared: symptoms.length > 0 && symptoms.every(({ state }) => state !== 'failing'),
    flapsBefore: Math.max(0, ...flaps.map((one) => one.flaps)),
  });
}

async function hold(
  deps: Deps,
  ticket: TicketRecord,
  diagnosis: Diagnosis,
  reason: string,
  lookAgainInMs: number,
): Promise<void> {
  const at = new Date(deps.clock.now().getTime() + lookAgainInMs);
  await whileUnderExamination(deps, ticket.id, async (tx) => {
    await tx.changeTicket(ticket.id, {
      state: 'held',
      reason,
      diagnosis,
      looks: ticket.looks + 1,
      lookAt: at,
    });
    await tx.moveAlerts([ticket.id], 'held', reason);
    await wantHeldLine(deps, tx, ticket);
    await tx.enqueue({ queue: 'evaluate', ticketId: ticket.id, at });
  });
  deps.log.info({ ticket: ticket.id, subject: ticket.subject, reason, lookAgainAt: at }, 'ticket held');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
