import type { ButtonClick } from '../domain/chat.ts';
import type { CommandRecord, RedistributionRecord } from '../domain/store/redistributions.ts';
import type { Tx } from '../domain/store/store.ts';
import { decideApproval } from '../redistribution/decide-approval.ts';
import { digestCommands } from '../redistribution/digest.ts';
import type { Deps } from './deps.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';

/**
 * A click on *Approve* (B10): consumed once, in one transaction with the attempts it allows and the job that
 * runs them. Answers what to tell the person, or null when the message itself shows it.
 */
export async function approveRedistribution(deps: Deps, click: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(click.value);
    if (!record) return 'This redistribution is not known any more.';
    const commands = await tx.commandsOf(record.id);
    const runnable = commands.filter(({ command }) => command.refusal === null);
    const digest = runnable.length === 0 ? null : digestCommands(runnable.map(({ command }) => command));
    const now = deps.clock.now();
    const decision = decideApproval(record, digest, click.person, deps.policies.approval, now);
    await auditDecision(deps, tx, click, record, decision.approved ? 'approved' : decision.reason);
    if (!decision.approved) return decision.message;
    await enter(tx, runnable);
    await tx.changeRedistribution(record.id, {
      state: 'approved',
      decidedBy: click.person,
      decidedAt: now,
    });
    await wantRedistributionMessage(deps, tx, record);
    await tx.enqueue({ queue: 'run', redistributionId: record.id });
    return null;
  });
}

/** A click on *Reject*: nothing of this proposal will ever run. */
export async function rejectRedistribution(deps: Deps, click: ButtonClick): Promise<string | null> {
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(click.value);
    if (!record) return 'This redistribution is not known any more.';
    if (record.state !== 'proposed') return `It is ${record.state} already.`;
    await auditDecision(deps, tx, click, record, 'rejected');
    const decidedAt = deps.clock.now();
    await tx.changeRedistribution(record.id, { state: 'rejected', decidedBy: click.person, decidedAt });
    await wantRedistributionMessage(deps, tx, record);
    return null;
  });
}

/** The ledger refuses an attempt that was entered before: then nothing of this approval is kept. */
async function enter(tx: Tx, commands: readonly CommandRecord[]): Promise<void> {
  for (const command of commands) {
    if (!(await tx.enterAttempts(command))) {
      throw new Error(`attempt ${command.command.attempt} at job ${command.command.job} was approved before`);
    }
    await tx.changeCommand(command.id, 'planned', { state: 'approved' });
  }
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
