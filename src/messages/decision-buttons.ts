import type { Button } from '@slack/types';
import { isInDoubt } from '../domain/redistribution.ts';
import { actions } from './actions.ts';
import { button, confirmDialog } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import type { CommandView } from './command.ts';
import { escapeText } from './escape.ts';
import { listPlainly } from './fold-names.ts';
import { countOf } from './wording.ts';

/** What is to be decided about. */
export interface Decidable {
  readonly id: string;
  readonly server: string;
  /** Of the commands that are to run, as this message shows them. */
  readonly digest: string | null;
  readonly commands: readonly CommandView[];
  /** Whether one of them can be tried without changing anything. */
  readonly canTry: boolean;
}

/** Those that an approval is about. */
export function runnableOf(commands: readonly CommandView[]): readonly CommandView[] {
  return commands.filter((command) => command.refusal === null && command.selected);
}

/** Where no command can run there is nothing to approve. */
export function decisionButtons(view: Decidable): Button[] {
  const runnable = runnableOf(view.commands);
  return [
    ...(runnable.length > 0 && view.digest !== null ? [approveButton(view, view.digest, runnable)] : []),
    ...(view.canTry ? [button('Dry run', actions.redistributionDryRun, view.id)] : []),
    button('Select…', actions.redistributionSelect, view.id),
    button('Reject…', actions.redistributionReject, view.id, { style: 'danger' }),
  ];
}

/** A click approves what this message shows, and nothing else: it carries its digest. */
function approveButton({ id, server }: Decidable, digest: string, runnable: readonly CommandView[]): Button {
  const what = countOf(runnable.length, 'command');
  const recipients = runnable.reduce((total, command) => total + command.recipients.length, 0);
  const plan = `${what} will run on ${clampText(escapeText(server), 60)} for ${countOf(recipients, 'recipient')}.`;
  const value = `${id} ${digest}`;
  const marked = runnable.filter(isInDoubt);
  if (marked.length === 0) {
    const confirm = confirmDialog(`Run ${what}?`, plan, 'Approve and run');
    return button(`Approve ${what}`, actions.redistributionApprove, value, { style: 'primary', confirm });
  }
  const jobs = listPlainly(
    marked.map(({ job }) => job),
    120,
  );
  const warning = `${countOf(marked.length, 'command')} to look at twice, not as it was or only inferred: ${jobs}.`;
  const confirm = confirmDialog(
    `Run ${what}, some of them in doubt?`,
    `${warning} ${plan}`,
    'I looked: approve',
  );
  const label = `Approve ${what}, ${marked.length} in doubt`;
  return button(label, actions.redistributionApproveMarked, value, { style: 'danger', confirm });
}

/** What a click on *Approve* carries; null: it is none of ours. */
export function readApproveValue(value: string): { readonly id: string; readonly digest: string } | null {
  const [, id, digest] = /^(\S+) (sha256:[0-9a-f]{64})$/.exec(value) ?? [];
  return id === undefined || digest === undefined ? null : { id, digest };
}
