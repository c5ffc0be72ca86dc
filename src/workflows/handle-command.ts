import type { ChatMessage, SlashCommand } from '../domain/chat.ts';
import { renderNotice } from '../messages/notice.ts';
import { describeUnknownWord } from '../messages/unknown-word.ts';
import type { Deps } from './deps.ts';
import { mailsUsage, showMails } from './intake/mails-in-slack.ts';
import { noteOutage, outageUsage } from './outage/note-outage.ts';
import { outagesUsage, showOutages } from './outage/show-outages.ts';
import { handlePaging, pagingUsage } from './paging/paging-command.ts';
import { reportUsage, requestReport } from './report/report.ts';
import { failuresUsage, showFailures } from './redistribution/failures.ts';
import { freeze, freezeUsage, unfreeze, unfreezeUsage } from './redistribution/freeze.ts';
import { redistributeUsage, requestRedistribution } from './redistribution/request-redistribution.ts';
import { showTotals, totalsUsage } from './counting/show-totals.ts';
import { handleThresholds, thresholdsUsage } from './counting/thresholds-in-slack.ts';
import { heldUsage, showHeld } from './ticket/held.ts';
import { listTickets, ticketsUsage } from './ticket/list-tickets.ts';
import { explainWhy, whyUsage } from './why/why.ts';
import { handoverUsage, requestHandover } from './handover/request-handover.ts';
import { deliveriesUsage, showDeliveries } from './delivery/undelivered.ts';

type Subcommand = {
  readonly usage: string;
  run(deps: Deps, command: SlashCommand, words: readonly string[]): Promise<ChatMessage>;
};

/** What can follow `/restage`. */
const subcommands: Readonly<Record<string, Subcommand>> = {
  tickets: { usage: ticketsUsage, run: listTickets },
  held: { usage: heldUsage, run: (deps) => showHeld(deps) },
  why: { usage: whyUsage, run: explainWhy },
  handover: { usage: handoverUsage, run: requestHandover },
  outage: { usage: outageUsage, run: noteOutage },
  outages: { usage: outagesUsage, run: (deps) => showOutages(deps) },
  paging: { usage: pagingUsage, run: handlePaging },
  deliveries: { usage: deliveriesUsage, run: (deps) => showDeliveries(deps) },
  report: { usage: reportUsage, run: requestReport },
  mails: { usage: mailsUsage, run: showMails },
  failures: { usage: failuresUsage, run: showFailures },
  freeze: { usage: freezeUsage, run: freeze },
  unfreeze: { usage: unfreezeUsage, run: unfreeze },
  thresholds: { usage: thresholdsUsage, run: handleThresholds },
  totals: { usage: totalsUsage, run: showTotals },
  status: {
    usage: '`/restage status` counts mails, alerts and tickets by their state.',
    run: (deps) => showStatus(deps),
  },
};

/** Answers a slash command, for its sender's eyes only. */
export async function handleCommand(deps: Deps, command: SlashCommand): Promise<ChatMessage> {
  if (command.command === '/redistribute') return requestRedistribution(deps, command);
  const [typed = '', ...words] = command.text.trim().split(/\s+/);
  const word = typed.toLowerCase();
  const subcommand = Object.hasOwn(subcommands, word) ? subcommands[word] : undefined;
  if (subcommand) return subcommand.run(deps, command, words);
  if (word === '' || word === 'help') return showHelp();
  const known = [...Object.keys(subcommands), 'help'];
  return renderNotice(`${describeUnknownWord(typed, 'command', known)} \`/restage help\` lists them all.`);
}

function showHelp(): ChatMessage {
  const usages = Object.values(subcommands).map(({ usage }) => usage);
  return renderNotice([redistributeUsage, ...usages].join('\n'));
}

async function showStatus(deps: Deps): Promise<ChatMessage> {
  const sums = await deps.store.snapshot((tx) => tx.sums());
  const list = (counts: object) =>
    Object.entries(counts)
      .map(([state, n]) => `${state} ${n}`)
      .join(', ');
  return renderNotice(
    [
      `*Mails*  ${list(sums.mails)}`,
      `*Alerts*  ${list(sums.alerts)}`,
      `*Tickets*  ${list(sums.tickets) || 'none'}`,
    ].join('\n'),
  );
}
