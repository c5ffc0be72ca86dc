import type { ChatMessage } from '../domain/chat.ts';
import type { RecipientResult } from '../domain/redistribution.ts';
import type { Delivery } from '../domain/store/deliveries.ts';
import type { CommandRecord, RedistributionRecord } from '../domain/store/redistributions.ts';
import type { CommandView } from '../messages/command.ts';
import { renderOutput } from '../messages/output.ts';
import type { RedistributionView } from '../messages/redistribution.ts';
import { renderProposal } from '../messages/redistribution.ts';
import { renderTicket } from '../messages/ticket.ts';
import { quoteArgv } from '../redistribution/quote-argv.ts';
import type { Deps } from './deps.ts';

/** Renders a message from what the database says now; null when its subject is gone. */
export async function renderDelivery(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  switch (delivery.kind) {
    case 'note':
      return delivery.body;
    case 'ticket':
      return renderTicketMessage(deps, Number(delivery.subjectId));
    case 'redistribution':
      return renderRedistribution(deps, delivery.subjectId);
    case 'command':
      return renderCommandOutput(deps, delivery.subjectId);
  }
}

async function renderTicketMessage(deps: Deps, ticketId: number): Promise<ChatMessage | null> {
  const ticket = await deps.store.transaction((tx) => tx.ticket(ticketId));
  const { timeZone } = deps.policies;
  return ticket && renderTicket(ticket, { timeZone, now: deps.clock.now() });
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

function toCommandView({ command, state, exitCode, results }: CommandRecord): CommandView {
  const named = (result: RecipientResult['result']) =>
    results.filter((one) => one.result === result).map((one) => one.name);
  return {
    ...command,
    state,
    exitCode,
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
