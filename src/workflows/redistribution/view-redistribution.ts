import type { ChatMessage } from '../../domain/chat.ts';
import type { RecipientResult, RedistributionState } from '../../domain/redistribution.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { CommandView } from '../../messages/command.ts';
import { commandsOnPage } from '../../messages/command-page.ts';
import type { Freeze } from '../../domain/freeze.ts';
import { describeFreeze } from '../../messages/freeze.ts';
import { renderOutput } from '../../messages/output.ts';
import type { RedistributionView } from '../../messages/redistribution.ts';
import { renderProposal } from '../../messages/redistribution.ts';
import { approvalsNeeded } from '../../redistribution/decide-approval.ts';
import { hostsOf } from '../../redistribution/plan.ts';
import { quoteArgv, quoteVariables } from '../../redistribution/quote-argv.ts';
import type { Deps } from '../deps.ts';
import { closedUntil } from './approval-hours.ts';
import { freezeOf } from './freeze.ts';
import { findLeft } from './finish-redistribution.ts';

/** In these its commands are all as they were proposed. */
const beforeRunning: ReadonlySet<RedistributionState> = new Set([
  'gathering',
  'proposed',
  'rejected',
  'expired',
]);

/** The redistribution's message; null when it is gone. */
export async function renderRedistribution(deps: Deps, id: string): Promise<ChatMessage | null> {
  const view = await deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    return record && viewOf(deps, tx, record);
  });
  return view && renderProposal(view, { timeZone: view.timeZone });
}

/** A redistribution as its message shows it: only the commands on its first page, however many there are (B10). */
async function viewOf(deps: Deps, tx: Tx, record: RedistributionRecord): Promise<RedistributionView> {
  const commands = await tx.commandsOf(record.id, { from: 0, count: commandsOnPage });
  return {
    ...record,
    commands: commands.map(toCommandView),
    tallies: beforeRunning.has(record.state) ? [] : await tx.tallyCommands(record.id),
    left: record.state === 'done' ? await countLeft(deps, tx, record) : null,
    ...(await approvalsOf(deps, tx, record)),
    freeze: describeFor(deps, await freezeOf(deps, tx, record.server)),
    approvers: deps.policies.approval.approvers,
    requesterMayApprove: deps.policies.approval.requesterMayApprove,
    dryRunApprovals: await tx.approvalsOf(record.id, 'dry-run'),
    dryRunApprovalsNeeded: approvalsNeeded(deps.policies.approval, hostsOf(record.plan?.dryRuns)),
  };
}

function describeFor({ policies }: Deps, freeze: Freeze | null): string | null {
  return freeze && describeFreeze(freeze, policies.timeZone);
}

async function countLeft(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
): Promise<RedistributionView['left']> {
  const left = await findLeft(deps, tx, record);
  return { jobs: new Set(left.map(({ job }) => job)).size, deliveries: left.length };
}

/** How far the approval of a proposal is. */
export async function approvalsOf(
  deps: Deps,
  tx: Tx,
  { id, plan }: RedistributionRecord,
): Promise<Pick<RedistributionView, 'approvals' | 'approvalsNeeded' | 'closedUntil'>> {
  const { approval } = deps.policies;
  return {
    approvals: await tx.approvalsOf(id, 'run'),
    approvalsNeeded: approvalsNeeded(approval, hostsOf(plan)),
    closedUntil: closedUntil(approval, deps.clock.now()),
  };
}

/** A command as the messages show it. */
export function toCommandView(record: CommandRecord): CommandView {
  const { id, command, state, exitCode, results, note, selected, rebuilt, changedBy, changedAt } = record;
  const named = (result: RecipientResult['result']) =>
    results.filter((one) => one.result === result).map((one) => one.name);
  return {
    ...command,
    id,
    selected,
    rebuilt,
    changedBy,
    changedAt,
    state,
    exitCode,
    note,
    failedAgain: named('failed'),
    unclear: named('unknown'),
    quoted: quoteArgv(command.argv),
    ...(command.environment ? { quotedEnvironment: quoteVariables(command.environment) } : {}),
    ...(command.verification ? { quotedVerification: quoteArgv(command.verification) } : {}),
  };
}

/** What a command prints, for the redistribution's thread; null when it is gone. */
export async function renderCommandOutput(deps: Deps, id: string): Promise<ChatMessage | null> {
  const command = await deps.store.transaction((tx) => tx.command(id));
  if (!command) return null;
  return renderOutput({ ...command, quoted: quoteArgv(command.command.argv) });
}
