import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import { renderIncident } from '../../messages/incident.ts';
import { renderTicket } from '../../messages/ticket.ts';
import type { Deps } from '../deps.ts';
import { renderDigestMessage } from '../ticket/digest.ts';
import { renderPageMessage } from '../paging/page-message.ts';
import { renderDryRunMessage } from '../redistribution/dry-run.ts';
import { renderCommandOutput, renderRedistribution } from '../redistribution/view-redistribution.ts';
import { renderOffer } from '../recovery/render-offer.ts';
import { renderReportMessage } from '../report/report-message.ts';
import { causeOfTicket, scopeOfTicket } from '../ticket/scope-of-ticket.ts';
import { renderHeldLine } from '../ticket/held.ts';
import { renderHandoverMessage } from '../handover/post-handover.ts';
import { renderRepairLookLine } from '../ticket/look-after-repair.ts';
import { renderElsewhereLine } from '../ticket/tell-elsewhere.ts';
import { renderAgainLine } from '../ticket/tell-again.ts';
import { renderStory } from '../ticket/tell-story.ts';
import { findPostedBefore, linkRecurring, readRecurring } from '../ticket/read-recurring.ts';
import { readSymptoms } from '../ticket/read-symptoms.ts';
import { ticketOptions } from '../ticket/ticket-options.ts';
import { renderUndelivered } from './undelivered.ts';

/** Renders a message for Slack from what the database says now; null when its subject is gone. */
export async function renderDelivery(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  switch (delivery.kind) {
    case 'note':
      return delivery.body;
    case 'ticket':
      return renderTicketMessage(deps, delivery);
    case 'redistribution':
      return renderRedistribution(deps, delivery.subjectId);
    case 'recovery':
      return renderOffer(deps, delivery);
    case 'page':
      return renderPageMessage(deps, delivery);
    case 'story':
      return renderStory(deps, delivery);
    case 'digest':
      return renderDigestMessage(deps, delivery);
    case 'elsewhere':
      return renderElsewhereLine(deps, delivery);
    case 'again':
      return renderAgainLine(deps, delivery);
    case 'repair-look':
      return renderRepairLookLine(deps, delivery);
    case 'held':
      return renderHeldLine(deps, delivery);
    case 'handover':
      return renderHandoverMessage(deps, delivery);
    case 'undelivered':
      return renderUndelivered(deps, delivery);
    case 'incident':
      return renderIncidentMessage(deps, delivery);
    case 'report':
      return renderReportMessage(deps, delivery);
    case 'dry-run':
      return renderDryRunMessage(deps, delivery.subjectId);
    case 'email':
    // Of a version that posted it in the report's thread.
    case 'chart':
    case 'listing':
    case 'output':
      return null;
    case 'command':
      return renderCommandOutput(deps, delivery.subjectId);
  }
}

function isUnseen({ ts, doubt }: Delivery): boolean {
  return ts === null && doubt === null;
}

async function renderIncidentMessage(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const id = Number(delivery.subjectId);
  const incident = await deps.store.transaction((tx) => tx.incident(id));
  if (incident?.recoveredAt && isUnseen(delivery)) return null;
  return incident && renderIncident(incident, deps.policies.timeZone);
}

async function renderTicketMessage(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const ticketId = Number(delivery.subjectId);
  const read = await deps.store.transaction(async (tx) => {
    const own = await tx.ticket(ticketId);
    const combined = await tx.ticketsCombinedInto([ticketId]);
    const all = own && own.state !== 'resolved' ? [own, ...combined] : [];
    const joined = await tx.ticketsJoinedInto(ticketId);
    const scope = own && (await scopeOfTicket(tx, own));
    const cause = own && (await causeOfTicket(tx, own));
    const again = own ? await readRecurring(deps, tx, [own, ...combined]) : [];
    const before = await findPostedBefore(tx, again);
    return {
      ticket: own,
      combined,
      joined,
      scope,
      cause,
      posted: before,
      symptoms: await readSymptoms(deps, tx, all),
    };
  });
  const { ticket, symptoms, posted, ...others } = read;
  // What became part of another ticket, or was over, before anybody saw it need not be shown.
  const isOver = ticket?.state === 'joined' || ticket?.state === 'resolved';
  if (isOver && isUnseen(delivery)) return null;
  if (!ticket) return null;
  const recurring = await Promise.all(posted.map((one) => linkRecurring(deps, one, ticketId)));
  return renderTicket(ticket, { ...ticketOptions(deps, ticket, others), symptoms, recurring });
}
