import type { TicketRecord } from '../../domain/store/tickets.ts';
import { policyFor } from '../../diagnosis/decide-diagnosis.ts';
import type { HeldView } from '../../messages/held.ts';
import { latestLook } from '../../ticket/latest-look.ts';
import type { Deps } from '../deps.ts';

/** What people see of a ticket that is held. */
export function heldView({ policies }: Pick<Deps, 'policies'>, ticket: TicketRecord): HeldView {
  const { lookAgainAfterMs } = policyFor(ticket.failure, policies.diagnosis);
  return { ticket, nextLook: ticket.lookAt, latest: latestLook(ticket, lookAgainAfterMs) };
}
