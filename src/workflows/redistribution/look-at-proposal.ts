import type { ButtonClick } from '../../domain/chat.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import { actions } from '../../messages/actions.ts';
import { commandsOnPage, type PagedView, renderCommandPage } from '../../messages/command-page.ts';
import { editForm } from '../../messages/edit-form.ts';
import { readPageValue } from '../../messages/page-value.ts';
import { rejectForm } from '../../messages/reject-form.ts';
import { selectForm } from '../../messages/select-form.ts';
import { renderWholePage } from '../../messages/whole-command.ts';
import type { Deps } from '../deps.ts';
import { isWhole } from './revise-command.ts';
import { proposalKey } from './revise-proposal.ts';
import { toCommandView } from './view-redistribution.ts';

const unknown = 'This redistribution is not known any more.';

/** A click on *Next* or *Previous*: that page of the commands, for whoever clicked alone. */
export async function turnPage(deps: Deps, click: ButtonClick): Promise<string | null> {
  const page = readPageValue(click.value);
  const view = page && (await loadPage(deps, page.id, page.from));
  if (!view) return unknown;
  const message = renderCommandPage(view, { timeZone: view.timeZone });
  // From the proposal itself a page is opened; from a page, another one takes its place.
  const replaces = click.actionId === actions.redistributionOpenPages ? undefined : 'replaces';
  await deps.chat.respond(click.responseUrl, message, replaces);
  return null;
}

/** Handles a click on *Show in full*, and on the pages that it leads to: the command uncut, for whoever clicked alone. */
export async function showInFull(deps: Deps, click: ButtonClick): Promise<string | null> {
  const page = readPageValue(click.value);
  const command = page && (await deps.store.transaction((tx) => tx.command(page.id)));
  if (!command) return 'This command is gone.';
  const message = renderWholePage(toCommandView(command), command.ordinal + 1, page.from);
  const replaces = click.actionId === actions.commandShowInFull ? undefined : 'replaces';
  await deps.chat.respond(click.responseUrl, message, replaces);
  return null;
}

/** A click on *Select*: the form for it. */
export async function askWhatToSelect(deps: Deps, click: ButtonClick): Promise<string | null> {
  const found = await deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(click.value);
    return record && { record, commands: await tx.commandsOf(record.id) };
  });
  if (!found) return unknown;
  const { record, commands } = found;
  if (record.state !== 'proposed') return `It is ${record.state} already.`;
  const breadth = commands.some(isWhole) ? 'whole' : 'failed';
  const selectable = commands.map(({ command, selected }) => ({ ...command, selected }));
  const proposal = { server: record.server, commands: selectable };
  const form = selectForm(proposal, breadth, proposalKey(record.id, record.digest));
  await deps.chat.openModal(click.triggerId, form);
  return null;
}

/** A click on *Edit* beside a command: the form for it. */
export async function askWhatToEdit(deps: Deps, click: ButtonClick): Promise<string | null> {
  const found = await deps.store.transaction(async (tx) => {
    const command = await tx.command(click.value);
    return command && { command, record: await tx.redistribution(command.redistributionId) };
  });
  if (!found?.record) return unknown;
  const { record, command } = found;
  if (record.state !== 'proposed') return `It is ${record.state} already.`;
  const form = editForm(toCommandView(command), command.ordinal + 1, proposalKey(command.id, record.digest));
  if (form === null) {
    return 'This command is too long for a form in Slack. *Select…* chooses for which recipients it runs.';
  }
  await deps.chat.openModal(click.triggerId, form);
  return null;
}

/** A click on *Reject*: the form that asks why. */
export async function askWhyToReject(deps: Deps, click: ButtonClick): Promise<string | null> {
  const record = await deps.store.transaction((tx) => tx.redistribution(click.value));
  if (!record) return unknown;
  if (record.state !== 'proposed') return `It is ${record.state} already.`;
  await deps.chat.openModal(click.triggerId, rejectForm(record));
  return null;
}

function loadPage(
  deps: Deps,
  id: string,
  wanted: number,
): Promise<(PagedView & Pick<RedistributionRecord, 'timeZone'>) | null> {
  return deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    const total = record?.plan?.commands ?? 0;
    const from = Math.max(0, Math.min(wanted, total - 1));
    const commands = await tx.commandsOf(id, { from, count: commandsOnPage });
    return record && { ...record, total, from, commands: commands.map(toCommandView) };
  });
}
