import type { ButtonClick } from '../../domain/chat.ts';
import { actions } from '../../messages/actions.ts';
import { readPageValue, renderCommandPage } from '../../messages/command-page.ts';
import { editForm } from '../../messages/edit-form.ts';
import type { RedistributionView } from '../../messages/redistribution.ts';
import { rejectForm } from '../../messages/reject-form.ts';
import { selectForm } from '../../messages/select-form.ts';
import type { Deps } from '../deps.ts';
import { isWhole } from './revise-command.ts';
import { proposalKey } from './revise-proposal.ts';
import { viewOf } from './view-redistribution.ts';

const unknown = 'This redistribution is not known any more.';

/** A click on *Next* or *Previous*: that page of the commands, for whoever clicked alone. */
export async function turnPage(deps: Deps, click: ButtonClick): Promise<string | null> {
  const page = readPageValue(click.value);
  const view = page && (await load(deps, page.id));
  if (!page || !view) return unknown;
  const message = renderCommandPage(view, page.from, { timeZone: view.timeZone });
  // From the proposal itself a page is opened; from a page, another one takes its place.
  const replaces = click.actionId === actions.redistributionOpenPages ? undefined : 'replaces';
  await deps.chat.respond(click.responseUrl, message, replaces);
  return null;
}

/** A click on *Select*: the form for it. */
export async function askWhatToSelect(deps: Deps, click: ButtonClick): Promise<string | null> {
  const view = await load(deps, click.value);
  if (!view) return unknown;
  if (view.state !== 'proposed') return `It is ${view.state} already.`;
  const breadth = view.commands.some((command) => isWhole({ command, rebuilt: command.rebuilt }))
    ? 'whole'
    : 'failed';
  const form = selectForm(view, breadth, proposalKey(view.id, view.digest));
  await deps.chat.openModal(click.triggerId, form);
  return null;
}

/** A click on *Edit* beside a command: the form for it. */
export async function askWhatToEdit(deps: Deps, click: ButtonClick): Promise<string | null> {
  const command = await deps.store.transaction((tx) => tx.command(click.value));
  const view = command && (await load(deps, command.redistributionId));
  const index = view?.commands.findIndex(({ id }) => id === click.value) ?? -1;
  const shown = view?.commands[index];
  if (!view || !shown) return unknown;
  if (view.state !== 'proposed') return `It is ${view.state} already.`;
  const form = editForm(shown, index + 1, proposalKey(shown.id, view.digest));
  if (form === null) {
    return 'This command is too long for a form in Slack. *Select…* chooses for which recipients it runs.';
  }
  await deps.chat.openModal(click.triggerId, form);
  return null;
}

/** A click on *Reject*: the form that asks why. */
export async function askWhyToReject(deps: Deps, click: ButtonClick): Promise<string | null> {
  const view = await load(deps, click.value);
  if (!view) return unknown;
  if (view.state !== 'proposed') return `It is ${view.state} already.`;
  await deps.chat.openModal(click.triggerId, rejectForm(view));
  return null;
}

function load(deps: Deps, id: string): Promise<RedistributionView | null> {
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    return record && viewOf(deps, tx, record);
  });
}
