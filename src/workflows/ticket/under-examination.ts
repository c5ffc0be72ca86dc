import type { Diagnosis } from '../../domain/diagnosis.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Deps } from '../deps.ts';

export function isUnderExamination(ticket: TicketRecord): boolean {
  return ticket.state === 'candidate' || ticket.state === 'held';
}

/** Two evaluations of one ticket may run at once: only the first one's decision holds. */
export async function whileUnderExamination(
  deps: Deps,
  ticketId: number,
  work: (tx: Tx, current: TicketRecord) => Promise<void>,
): Promise<void> {
  await deps.store.countingTransaction(async (tx) => {
    const current = await tx.ticket(ticketId);
    if (current && isUnderExamination(current)) await work(tx, current);
  });
}

/** Ends a candidate that nobody has seen; its alerts leave the totals. */
export async function endWithoutTicket(
  deps: Deps,
  ticket: TicketRecord,
  state: 'voided' | 'suppressed',
  reason: string,
  diagnosis?: Diagnosis,
): Promise<void> {
  await whileUnderExamination(deps, ticket.id, async (tx) => {
    await tx.changeTicket(ticket.id, { state, reason, ...(diagnosis && { diagnosis }) });
    await tx.moveAlerts([ticket.id], state, reason);
  });
  deps.log.info({ ticket: ticket.id, subject: ticket.subject, state, reason }, 'ended without a ticket');
}
