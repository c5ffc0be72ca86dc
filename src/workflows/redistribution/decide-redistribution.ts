import type { ButtonClick, ChatMessage } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Runnable } from '../../redistribution/decide-approval.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { decideApproval, refuseRejection } from '../../redistribution/decide-approval.ts';
import { digestCommands } from '../../redistribution/digest.ts';
import { matchTemplate } from '../../redistribution/template.ts';
import type { Deps } from '../deps.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';
import { lockServer } from './server-lock.ts';

const unknown = 'This redistribution is not known any more.';

/**
 * A click on *Approve* (B10): consumed once, in one transaction with the attempts it allows and the job that
 * runs them. Answers what to tell the person, or null when the message itself shows it.
 */
export async function approveRedistribution(
  deps: Deps,
  click: ButtonClick,
): Promise<string | ChatMessage | null> {
  try {
    return await deps.store.transaction((tx) => approve(deps, tx, click));
  } catch (error) {
    if (error instanceof RestageError && error.code === 'input-invalid') return error.message;
    throw error;
  }
}

async function approve(deps: Deps, tx: Tx, click: ButtonClick): Promise<string | ChatMessage | null> {
  const record = await tx.redistribution(click.value);
  if (!record) return unknown;
  const commands = await tx.commandsOf(record.id);
  const runnable = commands.filter(({ command }) => command.refusal === null);
  const now = deps.clock.now();
  const runs = judge(deps, record, runnable);
  const decision = decideApproval(record, runs, click.person, deps.policies.approval, now);
  const busy = decision.approved ? await lockServer(deps, tx, record, click.person) : null;
  const reason = busy === null ? 'approved' : 'server-locked';
  await auditDecision(deps, tx, click, record, decision.approved ? reason : decision.reason);
  if (!decision.approved) return decision.message;
  if (busy !== null) return renderMarkup(busy);
  await enter(tx, runnable);
  const change = { state: 'approved', decidedBy: click.person, decidedAt: now } as const;
  await tx.changeRedistribution(record.id, ['proposed'], change);
  await wantRedistributionMessage(deps, tx, record);
  await tx.enqueue({ queue: 'run', redistributionId: record.id });
  return null;
}

/** The config may have changed since the commands were proposed. */
function judge(deps: Deps, { server }: RedistributionRecord, commands: readonly CommandRecord[]): Runnable {
  const digest = commands.length === 0 ? null : digestCommands(commands.map(({ command }) => command));
  const profile = deps.policies.servers.get(server);
  if (!profile) return { digest, refusal: `there is no server ${server}` };
  const matches = commands.map(({ command }) => matchTemplate(command, profile.allowed));
  const refused = matches.find((match) => !match.allowed);
  return { digest, refusal: refused && !refused.allowed ? refused.reason : null };
}

/** A click on *Reject*: nothing of this proposal will ever run. */
export async function rejectRedistribution(deps: Deps, click: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(click.value);
    if (!record) return unknown;
    const refusal = refuseRejection(record, click.person, deps.policies.approval);
    await auditDecision(deps, tx, click, record, refusal === null ? 'rejected' : 'not-rejected');
    if (refusal !== null) return refusal;
    const change = { state: 'rejected', decidedBy: click.person, decidedAt: deps.clock.now() } as const;
    await tx.changeRedistribution(record.id, ['proposed'], change);
    await wantRedistributionMessage(deps, tx, record);
    return null;
  });
}

/** The ledger refuses an attempt that was entered before: then nothing of this approval is kept. */
async function enter(tx: Tx, commands: readonly CommandRecord[]): Promise<void> {
  const twice = await tx.enterAttempts(commands);
  if (twice) {
    const { attempt, job } = twice.command;
    const message = `Attempt ${attempt} at job ${job} was approved before. Ask for the redistribution again.`;
    throw new RestageError('input-invalid', message);
  }
  const ids = commands.map(({ id }) => id);
  await tx.changeCommands(ids, ['planned'], { state: 'approved' });
}

async function auditDecision(
  deps: Deps,
  tx: Tx,
  click: ButtonClick,
  record: RedistributionRecord,
  what: string,
): Promise<void> {
  const who = `${click.person.teamId}/${click.person.userId}`;
  await tx.audit({ at: deps.clock.now(), who, what, about: `redistribution ${record.id}` });
}
