import { judgeEvidence } from '../../diagnosis/judge-evidence.ts';
import { rootCauseFailure } from '../../domain/root-cause.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { Deps } from '../deps.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { touchTicket } from './ticket-message.ts';

/** People see it already, and it is about another device now, which nobody has looked at. */
export function isPromoted({ state, failure, diagnosis }: TicketRecord): boolean {
  return (state === 'open' || state === 'acknowledged') && failure === rootCauseFailure && diagnosis === null;
}

/** Finds out how the server is that a ticket has become about. Whatever comes out, the ticket stands. */
export async function diagnosePromoted(deps: Deps, ticket: TicketRecord): Promise<void> {
  const device = deps.inventory.find(ticket.device);
  const diagnosis = judgeEvidence(await gatherEvidence(deps, ticket.device, device));
  await deps.store.transaction(async (tx) => {
    const current = await tx.ticket(ticket.id);
    if (!current || !isPromoted(current)) return;
    await tx.changeTicket(ticket.id, { diagnosis });
    await touchTicket(tx, current, deps.clock.now());
  });
}
