import { renderNotice } from '../messages/notice.ts';
import type { RedistributionRecord } from '../domain/store/redistributions.ts';
import type { Tx } from '../domain/store/store.ts';
import type { TicketRecord } from '../domain/store/tickets.ts';
import type { Deps } from './deps.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';
import { addToThread, touchTicket } from './ticket-message.ts';

/** Ends a redistribution and tells what is left; a repaired ticket whose jobs are all done is resolved (B13). */
export async function finishRedistribution(deps: Deps, record: RedistributionRecord): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const current = await tx.redistribution(record.id);
    if (current?.state !== 'running') return;
    const left = await tx.failedJobs(record.server, record.period);
    const note =
      left.length === 0
        ? 'Nothing is left to redistribute.'
        : `${left.length} failed ${left.length === 1 ? 'delivery is' : 'deliveries are'} left.`;
    await tx.changeRedistribution(record.id, { state: 'done', note });
    await wantRedistributionMessage(deps, tx, record);
    for (const ticket of await tx.repairedTicketsOf(record.server)) await resolveIfDone(deps, tx, ticket);
  });
}

async function resolveIfDone(deps: Deps, tx: Tx, ticket: TicketRecord): Promise<void> {
  const jobs = new Set(ticket.jobs);
  for (const server of new Set([ticket.subject, ...ticket.servers])) {
    const left = await tx.failedJobs(server, null);
    if (left.some((one) => jobs.has(one.job))) return;
  }
  await tx.changeTicket(ticket.id, { state: 'resolved', reason: 'all-redistributed' });
  await touchTicket(tx, ticket, deps.clock.now());
  await addToThread(deps, tx, ticket, renderNotice('Resolved: every failed job of this ticket is done.'));
}
