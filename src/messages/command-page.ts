import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { RedistributionState } from '../domain/redistribution.ts';
import { actions } from './actions.ts';
import { button, buttonRow, section } from './blocks.ts';
import type { CommandView } from './command.ts';
import { renderCommand } from './command.ts';
import { renderJobTable } from './job-table.ts';
import { clampMessage } from './limits.ts';

/** The commands of a redistribution, to be looked through. */
export interface PagedView {
  readonly id: string;
  readonly state: RedistributionState;
  readonly commands: readonly CommandView[];
}

interface PageOptions {
  readonly timeZone: string;
}

/** Room for commands in one message: its JSON must stay under 13,200 characters with all that stands around them. */
const pageBudget = 9_000;
const commandsOnPage = 12;

/** As many commands from one on as a message has room for, at least one: a table of their jobs, then each. */
export function layOutPage(
  { state, commands }: PagedView,
  from: number,
  { timeZone }: PageOptions,
): { readonly blocks: readonly KnownBlock[]; readonly until: number } {
  const look = { timeZone, canEdit: state === 'proposed' };
  const details: KnownBlock[] = [];
  let used = 0;
  let until = from;
  for (const command of commands.slice(from, from + commandsOnPage)) {
    const blocks = renderCommand(command, until + 1, look);
    used += JSON.stringify([blocks, renderJobTable([command], until + 1)]).length;
    if (until > from && used > pageBudget) break;
    details.push(...blocks);
    until += 1;
  }
  if (until === from) return { blocks: [], until };
  return { blocks: [renderJobTable(commands.slice(from, until), from + 1), ...details], until };
}

/** One page of the commands for whoever looks through them, with the way to the pages beside it. */
export function renderCommandPage(view: PagedView, wanted: number, options: PageOptions): ChatMessage {
  const last = Math.max(0, view.commands.length - 1);
  const from = Math.min(Math.max(0, wanted), last);
  const { blocks, until } = layOutPage(view, from, options);
  const title = `Commands ${from + 1}–${until} of ${view.commands.length}`;
  const before = Math.max(0, from - Math.max(1, until - from));
  const buttons = [
    ...(from > 0 ? [button('Previous', actions.redistributionPreviousPage, pageValue(view.id, before))] : []),
    ...(until < view.commands.length
      ? [button('Next', actions.redistributionNextPage, pageValue(view.id, until))]
      : []),
  ];
  const row = buttons.length > 0 ? [buttonRow(buttons)] : [];
  return clampMessage({ text: title, blocks: [section(`*${title}*`), ...blocks, ...row] });
}

/** What a button to a page carries. */
export function pageValue(id: string, from: number): string {
  return `${id} ${from}`;
}

/** null: it is none of ours. */
export function readPageValue(value: string): { readonly id: string; readonly from: number } | null {
  const [, id, from] = /^(\S+) (\d{1,9})$/.exec(value) ?? [];
  return id === undefined || from === undefined ? null : { id, from: Number(from) };
}
