import type { ButtonClick, ChatMessage, FormFaults, ModalSubmission, Person } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { actions } from '../../messages/actions.ts';
import { readApproveValue } from '../../messages/decision-buttons.ts';
import { escapeText } from '../../messages/escape.ts';
import { mention } from '../../messages/wording.ts';
import { renderMarkup } from '../../messages/notice.ts';
import type { Standing } from '../../redistribution/decide-approval.ts';
import { decideApproval, refuseDecision } from '../../redistribution/decide-approval.ts';
import type { Deps } from '../deps.ts';
import { closedUntil } from './approval-hours.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';
import { describeFreezePlainly } from '../../messages/freeze.ts';
import { freezeOf } from './freeze.ts';
import { lockServer } from './server-lock.ts';
import { judgeRunnable, runnableCommands } from './runnable.ts';
import { type BindingNow, readBinding } from './run-binding.ts';
import { tellRequester } from './tell-requester.ts';
import { standingOf } from './standing.ts';

const unknown = 'This redistribution is not known any more.';

/** Somebody's word on a proposal. */
interface Voice {
  /** The redistribution's id. */
  readonly id: string;
  readonly person: Person;
}

export interface ApprovingVoice extends Voice {
  /** Of the commands that the person was shown. */
  readonly digest: string;
  /** They were asked to look at doubtful ones twice, and did. */
  readonly confirmed: boolean;
  /** Why it is to run in spite of a freeze; left out: an approval as usual. */
  readonly exception?: string;
}

/** What to tell the person alone; null: the message itself shows it. */
type Answer = string | ChatMessage | null;

/** A click on *Approve*, or on the *Approve* that asks for a second look (B10). */
export async function clickApprove(deps: Deps, { value, person, actionId }: ButtonClick): Promise<Answer> {
  const shown = readApproveValue(value);
  const confirmed = actionId === actions.redistributionApproveMarked;
  return shown ? approveRedistribution(deps, { ...shown, person, confirmed }) : unknown;
}

/**
 * An approval (B10). The last approval that it takes is consumed once, in one transaction with the attempts it
 * allows and the job that runs them. Answers what to tell the person, or null when the message itself shows it.
 */
export async function approveRedistribution(deps: Deps, voice: ApprovingVoice): Promise<Answer> {
  const facts = await factsAt(deps, voice);
  if (facts === null) return unknown;
  try {
    return await deps.store.transaction((tx) => approve(deps, tx, voice, facts));
  } catch (error) {
    if (error instanceof RestageError && error.code === 'input-invalid') return error.message;
    throw error;
  }
}

/** What is looked up before the transaction that decides: it may take its time. */
export interface ApprovalFacts {
  readonly standing: Standing;
  readonly binding: BindingNow;
}

/** Returns whether the person is an approver, and how commands would run now; `null` if there is no such redistribution. */
export async function factsAt(deps: Deps, voice: Voice): Promise<ApprovalFacts | null> {
  const record = await deps.store.transaction((tx) => tx.redistribution(voice.id));
  if (!record) return null;
  const standing = await standingOf(deps, voice.person, deps.policies.approval.approvers, record.channel);
  return { standing, binding: await readBinding(deps, record.server) };
}

/** Asked before the transaction: Slack may take its time. null: there is no such redistribution. */
export async function standingAt(deps: Deps, { id, person }: Voice): Promise<Standing | null> {
  const record = await deps.store.transaction((tx) => tx.redistribution(id));
  return record && standingOf(deps, person, deps.policies.approval.approvers, record.channel);
}

async function approve(
  deps: Deps,
  tx: Tx,
  voice: ApprovingVoice,
  { standing, binding }: ApprovalFacts,
): Promise<Answer> {
  const record = await tx.redistribution(voice.id);
  if (!record) return unknown;
  const commands = await tx.commandsOf(record.id);
  const { person, digest: shown, confirmed, exception = null } = voice;
  const freeze = await freezeOf(deps, tx, record.server);
  const { policies } = deps;
  const { approval: policy } = policies;
  const now = deps.clock.now();
  const question = {
    proposal: record,
    shown,
    confirmed,
    runnable: judgeRunnable(deps, record, commands, binding),
    approvals: await tx.approvalsOf(record.id, 'run'),
    person,
    standing,
    closedUntil: closedUntil(policy, now),
    freeze: freeze && describeFreezePlainly(freeze, policies.timeZone),
    exception,
    policy,
  };
  const decision = decideApproval(question, now);
  const isLast = decision.approved && decision.missing === 0;
  const busy = isLast ? await lockServer(deps, tx, record, person) : null;
  const approved = exception === null ? 'approved' : `approved as an exception from the freeze: ${exception}`;
  const reason = busy === null ? approved : 'server-locked';
  await auditDecision(deps, tx, voice, record, decision.approved ? reason : decision.reason);
  if (!decision.approved) {
    if (decision.reason === 'surroundings-changed') await voidAll(deps, tx, record, question.runnable.drift);
    return decision.message;
  }
  if (busy !== null) return renderMarkup(busy);
  await tx.addApproval(record.id, 'run', {
    person,
    at: now,
    digest: record.digest ?? '',
    voided: null,
    exception,
  });
  if (isLast) await release(deps, tx, voice, record, runnableCommands(commands));
  await wantRedistributionMessage(deps, tx, record);
  return null;
}

/** Approvals that were given before the config was changed do not count, and the message says so. */
export async function voidAll(
  deps: Deps,
  tx: Tx,
  record: RedistributionRecord,
  drift: string | null,
): Promise<void> {
  await tx.voidApprovals(record.id, null, `the config was changed: ${drift ?? ''}`);
  await wantRedistributionMessage(deps, tx, record);
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

/** The form *Reject* that somebody sent. */
export async function submitReject(
  deps: Deps,
  { metadata, person, values }: ModalSubmission,
): Promise<FormFaults> {
  const reason = typeof values['reason'] === 'string' ? values['reason'].trim() : '';
  if (reason === '') return { reason: 'Say why.' };
  const refusal = await rejectRedistribution(deps, { id: metadata, person }, reason);
  return refusal === null ? null : { reason: refusal };
}

/** Nothing of this proposal will ever run, for the reason given. Answers why the person may not say so; null: done. */
export async function rejectRedistribution(deps: Deps, voice: Voice, reason: string): Promise<string | null> {
  const standing = await standingAt(deps, voice);
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(voice.id);
    if (!record || standing === null) return unknown;
    const refusal = refuseDecision(record, voice.person, standing);
    await auditDecision(deps, tx, voice, record, refusal === null ? `rejected: ${reason}` : 'not-rejected');
    if (refusal !== null) return refusal;
    const decision = { decidedBy: voice.person, decidedAt: deps.clock.now(), note: reason };
    const change = { state: 'rejected', ...decision } as const;
    await tx.changeRedistribution(record.id, ['proposed'], change);
    await wantRedistributionMessage(deps, tx, record);
    const words = `Rejected by ${mention(voice.person.userId)}: ${escapeText(reason)}`;
    await tellRequester(deps, tx, record, 'rejected', words);
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

export async function auditDecision(
  deps: Deps,
  tx: Tx,
  { person }: Voice,
  record: RedistributionRecord,
  what: string,
): Promise<void> {
  const who = `${person.teamId}/${person.userId}`;
  const detail = { server: record.server, digest: record.digest };
  await tx.audit({ at: deps.clock.now(), who, what, about: `redistribution ${record.id}`, detail });
}
