import type { Device } from '../domain/device.ts';
import type { Diagnosis } from '../domain/diagnosis.ts';
import type { TicketRecord } from '../domain/store/tickets.ts';
import { verifyLocation } from '../ticket/location.ts';
import { routeTicket } from '../ticket/route.ts';
import type { Deps } from './deps.ts';
import { wantTicketMessage } from './ticket-message.ts';
import { whileUnderExamination } from './under-examination.ts';

/** Opens the ticket: location (A12), route (A14), and its message, in one transaction. */
export async function openTicket(
  deps: Deps,
  ticket: TicketRecord,
  device: Device | null,
  diagnosis: Diagnosis,
  reason: string,
): Promise<void> {
  const location = verifyLocation({ building: ticket.saidBuilding, room: ticket.saidRoom }, device);
  const region = device?.region ?? ticket.region;
  const route = routeTicket(region, deps.policies.routing);
  await whileUnderExamination(deps, ticket.id, async (tx) => {
    const openedAt = deps.clock.now();
    const { channel } = route;
    await tx.changeTicket(ticket.id, {
      state: 'open',
      reason,
      diagnosis,
      location,
      region,
      channel,
      openedAt,
    });
    await tx.moveAlerts(ticket.id, 'ticketed', reason);
    await wantTicketMessage(deps, tx, { id: ticket.id, channel });
  });
  deps.log.info({ ticket: ticket.id, subject: ticket.subject, channel: route.channel }, 'ticket opened');
}
