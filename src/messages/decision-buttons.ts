import type { Button } from '@slack/types';
import type { Plan } from '../domain/redistribution.ts';
import { actions } from './actions.ts';
import { button, confirmDialog } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';
import { listPlainly } from './fold-names.ts';
import { countOf } from './wording.ts';

/** What is to be decided about. */
export interface Decidable {
  readonly id: string;
  readonly server: string;
  /** Of the commands that are to run, as this message shows them. */
  readonly digest: string | null;
  readonly plan: Plan | null;
}

/** Where no command can run there is nothing to approve. */
export function decisionButtons(view: Decidable): Button[] {
  const { plan, digest } = view;
  return [
    ...(plan !== null && plan.runnable > 0 && digest !== null ? [approveButton(view, digest, plan)] : []),
    ...(plan?.canTry ? [button('Dry run', actions.redistributionDryRun, view.id)] : []),
    button('Select…', actions.redistributionSelect, view.id),
    button('Reject…', actions.redistributionReject, view.id, { style: 'danger' }),
  ];
}

/** A click approves what this message shows, and nothing else: it carries its digest. */
function approveButton({ id, server }: Decidable, digest: string, plan: Plan): Button {
  const what = countOf(plan.runnable, 'command');
  const whom = countOf(plan.recipients, 'recipient');
  const effect = `${what} will run on ${clampText(escapeText(server), 60)} for ${whom}.`;
  const value = `${id} ${digest}`;
  if (plan.inDoubt === 0) {
    const confirm = confirmDialog(`Run ${what}?`, effect, 'Approve and run');
    return button(`Approve ${what}`, actions.redistributionApprove, value, { style: 'primary', confirm });
  }
  const jobs = listPlainly(plan.doubtfulJobs, 120);
  const warning = `${countOf(plan.inDoubt, 'command')} to look at twice, not as it was or only inferred: ${jobs}.`;
  const confirm = confirmDialog(
    `Run ${what}, some of them in doubt?`,
    `${warning} ${effect}`,
    'I looked: approve',
  );
  const label = `Approve ${what}, ${plan.inDoubt} in doubt`;
  return button(label, actions.redistributionApproveMarked, value, { style: 'danger', confirm });
}

/** What a click on *Approve* carries; null: it is none of ours. */
export function readApproveValue(value: string): { readonly id: string; readonly digest: string } | null {
  const [, id, digest] = /^(\S+) (sha256:[0-9a-f]{64})$/.exec(value) ?? [];
  return id === undefined || digest === undefined ? null : { id, digest };
}
