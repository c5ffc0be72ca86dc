import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { RedistributionState } from '../domain/redistribution.ts';
import { actions } from './actions.ts';
import { button, buttonRow, section } from './blocks.ts';
import type { CommandView } from './command.ts';
import { renderCommand } from './command.ts';
import { renderJobTable } from './job-table.ts';
import { clampMessage } from './limits.ts';
import { pageValue } from './page-value.ts';

/** Some of the commands of a redistribution, to be looked through. */
export interface PagedView {
  readonly id: string;
  readonly state: RedistributionState;
  /** How many there are. */
  readonly total: number;
  /** Where those that are shown begin, counted from 0. */
  readonly from: number;
  /** From there on, as many as a page may have room for (`commandsOnPage`), or all. */
  readonly commands: readonly CommandView[];
}

interface PageOptions {
  readonly timeZone: string;
}

/** Room for commands in one message: its JSON must stay under 13,200 characters with all that stands around them. */
const pageBudget = 9_000;
export const commandsOnPage = 12;

/** As many commands as a message has room for, at least one: a table of their jobs, then each. */
export function layOutPage(
  { state, from, commands }: Pick<PagedView, 'state' | 'from' | 'commands'>,
  { timeZone }: PageOptions,
): { readonly blocks: readonly KnownBlock[]; readonly until: number } {
  const look = { timeZone, canEdit: state === 'proposed' };
  const details: KnownBlock[] = [];
  let used = 0;
  let until = from;
  for (const command of commands.slice(0, commandsOnPage)) {
    const blocks = renderCommand(command, until + 1, look);
    used += JSON.stringify([blocks, renderJobTable([command], until + 1)]).length;
    if (until > from && used > pageBudget) break;
    details.push(...blocks);
    until += 1;
  }
  if (until === from) return { blocks: [], until };
  return { blocks: [renderJobTable(commands.slice(0, until - from), from + 1), ...details], until };
}

/** One page of the commands for whoever looks through them, with the way to the pages beside it. */
export function renderCommandPage(view: PagedView, options: PageOptions): ChatMessage {
  const { from, total } = view;
  const { blocks, until } = layOutPage(view, options);
  const title = `Commands ${from + 1}–${until} of ${total}`;
  const before = Math.max(0, from - Math.max(1, until - from));
  const buttons = [
    ...(from > 0 ? [button('Previous', actions.redistributionPreviousPage, pageValue(view.id, before))] : []),
    ...(until < total ? [button('Next', actions.redistributionNextPage, pageValue(view.id, until))] : []),
  ];
  const row = buttons.length > 0 ? [buttonRow(buttons)] : [];
  return clampMessage({ text: title, blocks: [section(`*${title}*`), ...blocks, ...row] });
}
