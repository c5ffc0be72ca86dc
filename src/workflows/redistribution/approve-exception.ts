import type { ButtonClick, FormFaults, ModalSubmission } from '../../domain/chat.ts';
import { readApproveValue } from '../../messages/decision-buttons.ts';
import { describeFreeze, exceptionForm } from '../../messages/freeze.ts';
import type { Deps } from '../deps.ts';
import { approveRedistribution } from './decide-redistribution.ts';
import { freezeOf } from './freeze.ts';

const unknown = 'This redistribution is not known any more.';

/** A click on *Approve as an exception…*: the form that asks why. */
export async function askForException(deps: Deps, click: ButtonClick): Promise<string | null> {
  const shown = readApproveValue(click.value);
  const found = await deps.store.transaction(async (tx) => {
    const record = shown && (await tx.redistribution(shown.id));
    return record && { record, freeze: await freezeOf(deps, tx, record.server) };
  });
  if (!found) return unknown;
  const { record, freeze } = found;
  if (record.state !== 'proposed') return `It is ${record.state} already.`;
  if (freeze === null) return 'The freeze is over: approve it as usual.';
  const plan = record.plan ?? { runnable: 0, inDoubt: 0 };
  const form = exceptionForm(describeFreeze(freeze, deps.policies.timeZone), plan, click.value);
  await deps.chat.openModal(click.triggerId, form);
  return null;
}

/** The form that somebody sent: an approval that counts in spite of the freeze. */
export async function submitException(
  deps: Deps,
  { metadata, person, values }: ModalSubmission,
): Promise<FormFaults> {
  const reason = typeof values['reason'] === 'string' ? values['reason'].trim() : '';
  if (reason === '') return { reason: 'Say why.' };
  const shown = readApproveValue(metadata);
  if (shown === null) return { reason: unknown };
  const vote = { ...shown, person, confirmed: true, exception: reason };
  const answer = await approveRedistribution(deps, vote);
  if (answer === null) return null;
  return { reason: typeof answer === 'string' ? answer : answer.text };
}
