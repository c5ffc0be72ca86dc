import type { ButtonClick, FormFaults, ModalSubmission } from '../../domain/chat.ts';
import type { CanaryPolicy } from '../../domain/redistribution.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { canaryForm, readCanaryForm } from '../../messages/canary.ts';
import { codeSpan } from '../../messages/escape.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { mention } from '../../messages/wording.ts';
import { refuseDecision } from '../../redistribution/decide-approval.ts';
import type { Deps } from '../deps.ts';
import { beginRedistribution } from './begin-redistribution.ts';
import { standingAt } from './decide-redistribution.ts';
import { tellInThread, wantRedistributionMessage } from './redistribution-message.ts';

const unknown = 'This redistribution is not known any more.';

/** Returns whether what is no canary may follow once all canaries have succeeded. */
export async function mayGoOn(
  tx: Tx,
  { id, canary }: Pick<RedistributionRecord, 'id' | 'canary'>,
): Promise<boolean> {
  if (canary?.afterwards !== 'ask') return true;
  return ((await tx.redistribution(id))?.canary?.releasedBy ?? null) !== null;
}

/** Notes that all canaries have succeeded, and asks once whether the others are to follow. */
export async function askToGoOn(deps: Deps, tx: Tx, { id }: RedistributionRecord): Promise<void> {
  const record = await tx.redistribution(id);
  if (!record?.canary || record.canary.waiting) return;
  await tx.changeRedistribution(id, ['running'], { canary: { ...record.canary, waiting: true } });
  await wantRedistributionMessage(deps, tx, record);
  const text = `:hatching_chick: ${mention(record.requestedBy.userId)} The first recipients on ${codeSpan(record.server)} have succeeded. The others wait for *Go on* above.`;
  await tellInThread(deps, tx, { ...record, noteId: `${id}-canary` }, renderMarkup(text));
}

/**
 * Handles a click on *Go on* (B12), by whoever asked or an approver: the others follow, in one transaction with the job that
 * runs them. Returns why not, or `null`.
 */
export async function clickGoOn(deps: Deps, { value: id, person }: ButtonClick): Promise<string | null> {
  const standing = await standingAt(deps, { id, person });
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    if (!record || standing === null) return unknown;
    const { canary, state, stoppedBy } = record;
    if (state !== 'running' || stoppedBy || !canary?.waiting || canary.releasedBy) {
      return 'It does not wait for that any more.';
    }
    const refusal = refuseDecision({ ...record, state: 'proposed' }, person, standing);
    if (refusal !== null) return refusal;
    const { teamId, userId } = person;
    await tx.audit({
      at: deps.clock.now(),
      who: `${teamId}/${userId}`,
      what: 'canary: go on',
      about: `redistribution ${id}`,
    });
    await tx.changeRedistribution(id, ['running'], { canary: { ...canary, releasedBy: person } });
    await wantRedistributionMessage(deps, tx, record);
    await tx.enqueue({ queue: 'run', redistributionId: id });
    return null;
  });
}

/** Handles a click on *Canary…*: opens the form. Returns why not, or `null`. */
export async function askForCanary(
  deps: Deps,
  { value: id, triggerId }: ButtonClick,
): Promise<string | null> {
  const record = await deps.store.transaction((tx) => tx.redistribution(id));
  if (!record) return unknown;
  if (record.state !== 'proposed') return `It is ${record.state} already.`;
  await deps.chat.openModal(triggerId, canaryForm(record));
  return null;
}

/** Handles the form *Canary*: a proposal of the same, in two steps or in one, takes the place of this one. */
export async function submitCanary(deps: Deps, submission: ModalSubmission): Promise<FormFaults> {
  const { metadata: id, person, values, deliveryKey } = submission;
  const read = readCanaryForm(values);
  if ('faults' in read) return read.faults;
  const standing = await standingAt(deps, { id, person });
  return deps.store.transaction(async (tx) => {
    if (!(await tx.firstSight(deliveryKey, deps.clock.now()))) return null;
    await tx.lockRedistributions();
    const record = await tx.redistribution(id);
    const refusal = record && standing !== null ? refuseDecision(record, person, standing) : unknown;
    if (refusal !== null || !record) return { recipients: refusal ?? unknown };
    const { begun, answer } = await beginRedistribution(deps, tx, againWith(record, read.canary));
    return begun === null ? { recipients: answer } : null;
  });
}

function againWith(record: RedistributionRecord, canary: CanaryPolicy | null) {
  const { server, recipients, job, period, timeZone, requestedBy, channel: askedIn } = record;
  return { server, recipients, job, period, timeZone, requestedBy, askedIn, canary };
}
