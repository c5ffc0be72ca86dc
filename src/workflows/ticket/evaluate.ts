import { decideDiagnosis, policyFor } from '../../diagnosis/decide-diagnosis.ts';
import { judgeEvidence } from '../../diagnosis/judge-evidence.ts';
import type { Device } from '../../domain/device.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { Deps } from '../deps.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { diagnosePromoted, isPromoted } from './diagnose-promoted.ts';
import { openTicket } from './open-ticket.ts';
import { endWhereOut, isOut } from '../outage/outage-gate.ts';
import { endWithoutTicket, isUnderExamination, whileUnderExamination } from './under-examination.ts';

/**
 * Takes a candidate through the gates that cost time: outage (A10), diagnosis (A11), location (A12), route
 * (A14). Ends it, puts it off, or opens the ticket. Calling it again for a ticket that has moved on does nothing.
 */
export async function evaluateTicket(deps: Deps, ticketId: number): Promise<void> {
  const { ticket, mayBeOut } = await deps.store.transaction(async (tx) => {
    const found = await tx.ticket(ticketId);
    const isCandidate = found !== null && isUnderExamination(found);
    return { ticket: found, mayBeOut: isCandidate && (await isOut(deps, tx, found)) };
  });
  if (ticket && isPromoted(ticket)) return diagnosePromoted(deps, ticket);
  if (!ticket || !isUnderExamination(ticket) || isPutOff(ticket, deps.clock.now())) return;
  const device = deps.inventory.find(ticket.device);
  if (mayBeOut && (await endWhereOut(deps, ticket))) return;
  const diagnosis = judgeEvidence(await gatherEvidence(deps, ticket.device, device));
  await follow(deps, ticket, device, diagnosis);
}

function isPutOff(ticket: TicketRecord, now: Date): boolean {
  return ticket.lookAt !== null && ticket.lookAt > now;
}

async function follow(
  deps: Deps,
  ticket: TicketRecord,
  device: Device | null,
  diagnosis: Diagnosis,
): Promise<void> {
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
      return openTicket(deps, ticket, device, diagnosis, decision.reason);
  }
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
    await tx.moveAlerts(ticket.id, 'held', reason);
    await tx.enqueue({ queue: 'evaluate', ticketId: ticket.id, at });
  });
  deps.log.info({ ticket: ticket.id, subject: ticket.subject, reason, lookAgainAt: at }, 'ticket held');
}
