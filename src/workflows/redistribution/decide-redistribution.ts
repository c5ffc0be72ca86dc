import type { ButtonClick, ChatMessage } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderMarkup } from '../../messages/notice.ts';
import type { Standing } from '../../redistribution/decide-approval.ts';
import { decideApproval, refuseRejection } from '../../redistribution/decide-approval.ts';
import type { Deps } from '../deps.ts';
import { closedUntil } from './approval-hours.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';
import { lockServer } from './server-lock.ts';
import { judgeRunnable, runnableCommands } from './runnable.ts';
import { standingOf } from './standing.ts';

const unknown = 'This redistribution is not known any more.';

/** Somebody's word on a proposal: a click, or what they typed. */
type Voice = Pick<ButtonClick, 'value' | 'person'>;

/** What to tell the person alone; null: the message itself shows it. */
type Answer = string | ChatMessage | null;

/**
 * A click on *Approve* (B10). The last approval that it takes is consumed once, in one transaction with the attempts it
 * allows and the job that runs them. Answers what to tell the person, or null when the message itself shows it.
 */
export async function approveRedistribution(deps: Deps, voice: Voice): Promise<Answer> {
  const standing = await standingAt(deps, voice);
  if (standing === null) return unknown;
  try {
    return await deps.store.transaction((tx) => approve(deps, tx, voice, standing));
  } catch (error) {
    if (error instanceof RestageError && error.code === 'input-invalid') return error.message;
    throw error;
  }
}

/** Asked before the transaction: Slack may take its time. null: there is no such redistribution. */
async function standingAt(deps: Deps, { value, person }: Voice): Promise<Standing | null> {
  const record = await deps.store.transaction((tx) => tx.redistribution(value));
  return record && standingOf(deps, person, deps.policies.approval.approvers, record.channel);
}

async function approve(deps: Deps, tx: Tx, voice: Voice, standing: Standing): Promise<Answer> {
  const record = await tx.redistribution(voice.value);
  if (!record) return unknown;
  const commands = await tx.commandsOf(record.id);
  const { person } = voice;
  const { approval: policy } = deps.policies;
  const now = deps.clock.now();
  const question = {
    proposal: record,
    runnable: judgeRunnable(deps, record.server, commands),
    approvals: await tx.approvalsOf(record.id),
    person,
    standing,
    closedUntil: closedUntil(policy, now),
    policy,
  };
  const decision = decideApproval(question, now);
  const isLast = decision.approved && decision.missing === 0;
  const busy = isLast ? await lockServer(deps, tx, record, person) : null;
  const reason = busy === null ? 'approved' : 'server-locked';
  await auditDecision(deps, tx, voice, record, decision.approved ? reason : decision.reason);
  if (!decision.approved) return decision.message;
  if (busy !== null) return renderMarkup(busy);
  await tx.addApproval(record.id, { person, at: now, digest: record.digest ?? '', voided: null });
  if (isLast) await release(deps, tx, voice, record, runnableCommands(commands));
  await wantRedistributionMessage(deps, tx, record);
  return null;
}

/** Nobody is missing: the commands may run. */
async function release(
  deps: Deps,
  tx: Tx,
  { person }: Voice,
  record: RedistributionRecord,
  commands: readonly CommandRecord[],
): Promise<void> {
  await enter(tx, commands);
  const change = { state: 'approved', decidedBy: person, decidedAt: deps.clock.now() } as const;
  await tx.changeRedistribution(record.id, ['proposed'], change);
  await tx.enqueue({ queue: 'run', redistributionId: record.id });
}

/** A click on *Reject*: nothing of this proposal will ever run. */
export async function rejectRedistribution(deps: Deps, voice: Voice): Promise<string | null> {
  const standing = await standingAt(deps, voice);
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(voice.value);
    if (!record || standing === null) return unknown;
    const refusal = refuseRejection(record, voice.person, standing);
    await auditDecision(deps, tx, voice, record, refusal === null ? 'rejected' : 'not-rejected');
    if (refusal !== null) return refusal;
    const change = { state: 'rejected', decidedBy: voice.person, decidedAt: deps.clock.now() } as const;
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
  { person }: Voice,
  record: RedistributionRecord,
  what: string,
): Promise<void> {
  const who = `${person.teamId}/${person.userId}`;
  await tx.audit({ at: deps.clock.now(), who, what, about: `redistribution ${record.id}` });
}
