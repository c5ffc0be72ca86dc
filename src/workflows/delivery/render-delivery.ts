import type { ChatMessage } from '../../domain/chat.ts';
import type { RecipientResult } from '../../domain/redistribution.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { CommandView } from '../../messages/command.ts';
import { renderIncident } from '../../messages/incident.ts';
import { renderOutput } from '../../messages/output.ts';
import type { RedistributionView } from '../../messages/redistribution.ts';
import { renderProposal } from '../../messages/redistribution.ts';
import { renderTicket } from '../../messages/ticket.ts';
import { quoteArgv } from '../../redistribution/quote-argv.ts';
import type { Deps } from '../deps.ts';
import { renderDigestMessage } from '../ticket/digest.ts';
import { renderPageMessage } from '../paging/page-message.ts';
import { renderReportMessage } from '../report/report.ts';
import { renderStory } from '../ticket/tell-story.ts';
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
    case 'page':
      return renderPageMessage(deps, delivery);
    case 'story':
      return renderStory(deps, delivery);
    case 'digest':
      return renderDigestMessage(deps, delivery.subjectId);
    case 'undelivered':
      return renderUndelivered(deps, delivery.subjectId);
    case 'incident':
      return renderIncidentMessage(deps, Number(delivery.subjectId));
    case 'report':
      return renderReportMessage(deps, delivery.subjectId);
    case 'email':
    case 'chart':
      return null;
    case 'command':
      return renderCommandOutput(deps, delivery.subjectId);
  }
}

async function renderIncidentMessage(deps: Deps, id: number): Promise<ChatMessage | null> {
  const incident = await deps.store.transaction((tx) => tx.incident(id));
  return incident && renderIncident(incident, deps.policies.timeZone);
}

async function renderTicketMessage(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const ticketId = Number(delivery.subjectId);
  const { ticket, ...others } = await deps.store.transaction(async (tx) => ({
    ticket: await tx.ticket(ticketId),
    combined: await tx.ticketsCombinedInto(ticketId),
    joined: await tx.ticketsJoinedInto(ticketId),
  }));
  const isUnseen = delivery.ts === null && !delivery.outcomeUnknown;
  // What became part of another ticket before anybody saw it need not be shown.
  if (ticket?.state === 'joined' && isUnseen) return null;
  return ticket && renderTicket(ticket, ticketOptions(deps, ticket, others));
}

async function renderRedistribution(deps: Deps, id: string): Promise<ChatMessage | null> {
  const { record, commands } = await deps.store.transaction(async (tx) => ({
    record: await tx.redistribution(id),
    commands: await tx.commandsOf(id),
  }));
  return record && renderProposal(viewOf(record, commands), { timeZone: record.timeZone });
}

/** A redistribution and its commands as the messages show them. */
export function viewOf(record: RedistributionRecord, commands: readonly CommandRecord[]): RedistributionView {
  return { ...record, commands: commands.map(toCommandView) };
}

function toCommandView({ command, state, exitCode, results, note }: CommandRecord): CommandView {
  const named = (result: RecipientResult['result']) =>
    results.filter((one) => one.result === result).map((one) => one.name);
  return {
    ...command,
    state,
    exitCode,
    note,
    failedAgain: named('failed'),
    unclear: named('unknown'),
    quoted: quoteArgv(command.argv),
  };
}

async function renderCommandOutput(deps: Deps, id: string): Promise<ChatMessage | null> {
  const command = await deps.store.transaction((tx) => tx.command(id));
  if (!command) return null;
  return renderOutput(quoteArgv(command.command.argv), command.output, command.exitCode);
}
