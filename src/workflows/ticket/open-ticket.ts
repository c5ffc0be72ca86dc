import type { Device } from '../../domain/device.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketChange, TicketRecord } from '../../domain/store/tickets.ts';
import { decideCombine } from '../../ticket/decide-combine.ts';
import { verifyLocation } from '../../ticket/location.ts';
import type { TicketRoute } from '../../ticket/route.ts';
import { routeTicket } from '../../ticket/route.ts';
import { nextSlot } from '../../ticket/schedule.ts';
import type { Deps } from '../deps.ts';
import { wantDigest } from './digest.ts';
import { pageFor } from '../paging/paging.ts';
import { wantTicketMail } from './ticket-mail.ts';
import { issueTicket, touchTicket } from './ticket-message.ts';
import { whileUnderExamination } from './under-examination.ts';

/**
 * Opens the ticket: location (A12), route (A14, A16), and its message, at once or with a digest (A15), in one
 * transaction.
 */
export async function openTicket(
  deps: Deps,
  ticket: TicketRecord,
  device: Device | null,
  diagnosis: Diagnosis,
  reason: string,
): Promise<void> {
  const { saidBuilding: building, saidRoom: room, saidAddress: address } = ticket;
  const location = verifyLocation({ building, room, address }, device);
  const region = device?.region ?? ticket.region;
  const route = routeTicket({ ...ticket, ...location, region }, deps.policies.routing);
  const opened = { state: 'open', reason, diagnosis, location, region } as const;
  await whileUnderExamination(deps, ticket.id, async (tx, current) => {
    const { combineWithinMs } = deps.policies.ticket;
    const others = await tx.shownTicketsAbout(ticket.subject);
    const { into } = decideCombine({ ...ticket, channel: route.channel }, others, combineWithinMs);
    await tx.moveAlerts(ticket.id, 'ticketed', reason);
    if (into === null) {
      const change = { ...opened, ...careFrom(deps, route) };
      await tx.changeTicket(ticket.id, change);
      await publish(deps, tx, { ...current, ...change });
    } else {
      await tx.changeTicket(ticket.id, { ...opened, ...shareOf(deps, route), combinedInto: into });
      await touchTicket(tx, { ...ticket, channel: route.channel }, deps.clock.now());
      await pageFor(deps, tx, ticket.id);
    }
  });
  deps.log.info({ ticket: ticket.id, subject: ticket.subject, ...logged(route) }, 'ticket opened');
}

/** What the route and the clock say about a ticket that opens now. */
function careFrom(deps: Deps, { channel, queue, hold }: TicketRoute): TicketChange {
  const openedAt = deps.clock.now();
  const { autoResolveAfterMs } = deps.policies.ticket;
  return {
    channel,
    openedAt,
    ...(queue && { queue }),
    ...(hold && { postAt: nextSlot(hold, openedAt) }),
    ...(autoResolveAfterMs !== null && { checkAt: new Date(openedAt.getTime() + autoResolveAfterMs) }),
  };
}

/** A ticket that shares another one's message is looked after with that one. */
function shareOf(deps: Deps, { channel, queue }: TicketRoute): TicketChange {
  return { channel, openedAt: deps.clock.now(), ...(queue && { queue }) };
}

async function publish(deps: Deps, tx: Tx, ticket: TicketRecord): Promise<void> {
  if (!ticket.channel) return;
  await wantTicketMail(deps, tx, ticket);
  if (ticket.postAt) await wantDigest(deps, tx, ticket.channel, ticket.postAt);
  else await issueTicket(deps, tx, ticket);
  await pageFor(deps, tx, ticket.id);
}

function logged({ channel, reason, rule, holdReason }: TicketRoute): object {
  return { channel, route: reason, rule, hold: holdReason };
}
