import type { ButtonClick } from '../../domain/chat.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { actions } from '../../messages/actions.ts';
import { readApproveValue } from '../../messages/decision-buttons.ts';
import { decideApproval, type Runnable } from '../../redistribution/decide-approval.ts';
import { countDryRuns } from '../../redistribution/dry-run.ts';
import type { Deps } from '../deps.ts';
import { closedUntil } from './approval-hours.ts';
import { describeFreezePlainly } from '../../messages/freeze.ts';
import { freezeOf } from './freeze.ts';
import { beginDryRuns, planDryRuns, refuseDryRuns } from './begin-dry-run.ts';
import {
  type ApprovalFacts,
  type ApprovingVoice,
  auditDecision,
  factsAt,
  voidAll,
} from './decide-redistribution.ts';
import type { BindingNow } from './run-binding.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';
import { judgeRunnable, runnableCommands } from './runnable.ts';

const unknown = 'This redistribution is not known any more.';

/**
 * Handles a click on *Approve dry run* (B10, B11): one approval of the dry runs that may do more than print, by the rules for
 * the run. The last one needed is consumed in one transaction with the job that tries them. Returns why not, or `null`.
 */
export async function clickApproveDryRun(deps: Deps, click: ButtonClick): Promise<string | null> {
  const shown = readApproveValue(click.value);
  if (shown === null) return unknown;
  const confirmed = click.actionId === actions.redistributionApproveDryRunMarked;
  const vote = { ...shown, person: click.person, confirmed };
  const facts = await factsAt(deps, vote);
  if (facts === null) return unknown;
  return deps.store.transaction((tx) => approve(deps, tx, vote, facts));
}

async function approve(
  deps: Deps,
  tx: Tx,
  vote: ApprovingVoice,
  { standing, binding }: ApprovalFacts,
): Promise<string | null> {
  const record = await tx.redistribution(vote.id);
  const profile = record && deps.policies.servers.get(record.server);
  if (!record || !profile) return unknown;
  const commands = await tx.commandsOf(record.id);
  const { person, digest: shown, confirmed } = vote;
  const { approval: policy } = deps.policies;
  const now = deps.clock.now();
  const freeze = await freezeOf(deps, tx, record.server);
  const runnable = judgeDryRuns(deps, record, commands, binding);
  const before = await tx.approvalsOf(record.id, 'dry-run');
  const question = {
    proposal: { ...record, digest: record.plan?.dryRuns?.digest ?? null },
    shown,
    confirmed,
    runnable,
    approvals: before,
    person,
    standing,
    closedUntil: closedUntil(policy, now),
    freeze: freeze && describeFreezePlainly(freeze, deps.policies.timeZone),
    exception: null,
    policy,
  };
  const decision = decideApproval(question, now);
  const reason = decision.approved ? 'dry run approved' : `dry run: ${decision.reason}`;
  await auditDecision(deps, tx, vote, record, reason);
  if (!decision.approved) {
    if (decision.reason === 'surroundings-changed') await voidAll(deps, tx, record, runnable.drift);
    return decision.message;
  }
  const given = before.filter(({ voided, digest }) => voided === null && digest === runnable.digest);
  const approvedBy = [...given.map((one) => one.person), person];
  const runs = planDryRuns(deps, profile, runnableCommands(commands), { requestedBy: person, approvedBy });
  const fault = await refuseDryRuns(tx, record.id, runs);
  if (fault !== null) return fault;
  await tx.addApproval(record.id, 'dry-run', {
    person,
    at: now,
    digest: runnable.digest ?? '',
    voided: null,
  });
  if (decision.missing === 0) {
    await tx.voidApprovals(record.id, 'dry-run', 'used for a dry run');
    await beginDryRuns(deps, tx, record.id, runs, person);
  }
  await wantRedistributionMessage(deps, tx, record);
  return null;
}

/** The proposal's dry runs as they would run now, as an approval is about them. */
function judgeDryRuns(
  deps: Deps,
  record: RedistributionRecord,
  commands: readonly CommandRecord[],
  binding: BindingNow,
): Runnable {
  const counts = countDryRuns(runnableCommands(commands));
  const judged = judgeRunnable(deps, record, commands, binding);
  return { ...judged, digest: counts?.digest ?? null, hosts: counts?.hosts ?? null };
}
