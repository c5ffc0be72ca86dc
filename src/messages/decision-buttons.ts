import type { Button } from '@slack/types';
import type { DryRunCounts, Plan } from '../domain/redistribution.ts';
import { actions } from './actions.ts';
import { button, confirmDialog } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { describeReach } from './describe-reach.ts';
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
  /** What freeze holds its server up; `null` if none does. */
  readonly freeze: string | null;
}

/** Where no command can run there is nothing to approve. */
export function decisionButtons(view: Decidable): Button[] {
  const { plan, digest } = view;
  return [
    ...(plan !== null && plan.runnable > 0 && digest !== null ? [approveButton(view, digest, plan)] : []),
    ...(plan?.dryRuns?.free ? [button('Dry run', actions.redistributionDryRun, view.id)] : []),
    ...(plan?.dryRuns?.digest ? [approveDryRunButton(view.id, plan, plan.dryRuns, plan.dryRuns.digest)] : []),
    button('Select…', actions.redistributionSelect, view.id),
    ...(plan !== null && plan.recipients > 1
      ? [button('Canary…', actions.redistributionCanary, view.id)]
      : []),
    button('Reject…', actions.redistributionReject, view.id, { style: 'danger' }),
  ];
}

/** A click approves what this message shows, and nothing else: it carries its digest. */
function approveButton({ id, server, freeze }: Decidable, digest: string, plan: Plan): Button {
  const what = countOf(plan.runnable, 'command');
  const whom = countOf(plan.recipients, 'recipient');
  const reach = describeReach(plan);
  const also = reach === null ? '' : ` It ${reach}.`;
  const effect = `${what} will run on ${clampText(escapeText(server), 60)} for ${whom}.${also}`;
  const value = `${id} ${digest}`;
  if (freeze !== null)
    return button('Approve as an exception…', actions.redistributionApproveException, value);
  if (plan.inDoubt === 0) {
    const confirm = confirmDialog(`Run ${what}?`, effect, 'Approve and run');
    return button(`Approve ${what}`, actions.redistributionApprove, value, { style: 'primary', confirm });
  }
  const confirm = confirmDialog(
    `Run ${what}, some of them in doubt?`,
    `${warnOfDoubt(plan)} ${effect}`,
    'I looked: approve',
  );
  const label = `Approve ${what}, ${plan.inDoubt} in doubt`;
  return button(label, actions.redistributionApproveMarked, value, { style: 'danger', confirm });
}

/** It asks for the same second look as *Approve* does. */
function approveDryRunButton(
  id: string,
  plan: Plan,
  { toApprove, effects }: DryRunCounts,
  digest: string,
): Button {
  const what = countOf(toApprove, 'dry run');
  const why = `It may change something: ${clampText(escapeText(effects.join('; ')), 120)}.`;
  const text = plan.inDoubt === 0 ? why : `${warnOfDoubt(plan)} ${why}`;
  const confirm = confirmDialog(`Run ${what}?`, text, 'Approve dry run');
  const action =
    plan.inDoubt === 0 ? actions.redistributionApproveDryRun : actions.redistributionApproveDryRunMarked;
  return button(`Approve ${what}`, action, `${id} ${digest}`, { confirm });
}

function warnOfDoubt({ inDoubt, doubtfulJobs }: Plan): string {
  const jobs = listPlainly(doubtfulJobs, 80);
  return `${countOf(inDoubt, 'command')} to look at twice, not as it was or only inferred: ${jobs}.`;
}

/** What a click on *Approve* carries; null: it is none of ours. */
export function readApproveValue(value: string): { readonly id: string; readonly digest: string } | null {
  const [, id, digest] = /^(\S+) (sha256:[0-9a-f]{64})$/.exec(value) ?? [];
  return id === undefined || digest === undefined ? null : { id, digest };
}
