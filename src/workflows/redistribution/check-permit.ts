import { describeFreezePlainly } from '../../messages/freeze.ts';
import type { Approval } from '../../domain/approval.ts';
import { codeSpan, escapeText } from '../../messages/escape.ts';
import { renderMarkup } from '../../messages/notice.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import { exceptionApprovals } from '../../redistribution/freeze.ts';
import { approvalsNeeded, isException } from '../../redistribution/decide-approval.ts';
import { type ApproverNow, decidePermit, type PermitDecision } from '../../redistribution/decide-permit.ts';
import { hostsOf } from '../../redistribution/plan.ts';
import type { Deps } from '../deps.ts';
import { freezeOf } from './freeze.ts';
import { tellInThread, wantRedistributionMessage } from './redistribution-message.ts';
import { findDrift, readBinding } from './run-binding.ts';
import { settleCommands } from './settle-command.ts';
import { standingOf } from './standing.ts';

/** The decision on the commands that wait, and whether it is exempt from a freeze. */
type Permit = PermitDecision & { readonly isExempt: boolean };

/**
 * Decides whether the commands of a redistribution that wait may start. Where the approval is void they end unstarted, and the
 * thread says why; if Slack does not answer, the message says what is awaited.
 */
export async function checkPermit(deps: Deps, record: RedistributionRecord): Promise<Permit> {
  const { waiting, approvals, frozen } = await deps.store.transaction(async (tx) => ({
    waiting: (await tx.commandsOf(record.id)).filter(({ state }) => state === 'approved'),
    approvals: await tx.approvalsOf(record.id, 'run'),
    frozen: await freezeOf(deps, tx, record.server),
  }));
  const given = approvals.filter(({ voided, digest }) => voided === null && digest === record.digest);
  const isExempt = given.filter(isException).length >= exceptionApprovals;
  if (waiting.length === 0) return { permit: 'granted', isExempt };
  const approvers = await Promise.all(given.map((one) => lookUp(deps, record, one)));
  const needed = approvalsNeeded(deps.policies.approval, hostsOf(record.plan));
  const freeze = frozen && !isExempt ? describeFreezePlainly(frozen, deps.policies.timeZone) : null;
  const drift = findDrift(record, waiting, await readBinding(deps, record.server));
  const decision = decidePermit({ approvers, needed, drift, freeze });
  if (decision.permit === 'void') await voidApproval(deps, record, waiting, decision.reason);
  if (decision.permit === 'granted') await noteWait(deps, record, null);
  if (decision.permit === 'waits') await noteWait(deps, record, decision.reason);
  return { ...decision, isExempt };
}

async function lookUp(
  deps: Deps,
  { channel }: RedistributionRecord,
  { person }: Approval,
): Promise<ApproverNow> {
  const standing = await standingOf(deps, person, deps.policies.approval.approvers, channel);
  const isActive = await deps.chat.isActive(person).catch((error: unknown) => {
    deps.log.warn({ person, error: String(error) }, 'slack does not say whether an account is in use');
    return null;
  });
  return { userId: person.userId, standing, isActive };
}

async function voidApproval(
  deps: Deps,
  record: RedistributionRecord,
  waiting: readonly CommandRecord[],
  reason: string,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    await tx.voidApprovals(record.id, 'run', reason);
    const about = `redistribution ${record.id}`;
    await tx.audit({ at: deps.clock.now(), who: 'restage', what: `approval void: ${reason}`, about });
    const endings = waiting.map(
      (command) => ({ command, kind: 'unstarted', reason: `the approval is void: ${reason}` }) as const,
    );
    await settleCommands(deps, tx, record, endings);
    const text = `:no_entry: *Void*: nothing more starts on ${codeSpan(record.server)}, since ${escapeText(reason)}. Ask for the redistribution again.`;
    await tellInThread(deps, tx, { ...record, noteId: `${record.id}-void` }, renderMarkup(text));
  });
}

const waitWords = 'Nothing starts now: ';

/** Notes why it waits; `null` clears that. */
async function noteWait(deps: Deps, record: RedistributionRecord, reason: string | null): Promise<void> {
  if (reason === null && !record.note?.startsWith(waitWords)) return;
  const note = reason === null ? null : `${waitWords}${reason}. It is asked again and again.`;
  await deps.store.transaction(async (tx) => {
    if ((await tx.redistribution(record.id))?.note === note) return;
    await tx.changeRedistribution(record.id, ['running'], { note });
    await wantRedistributionMessage(deps, tx, record);
  });
}
