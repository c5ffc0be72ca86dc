import type { ChatMessage } from '../domain/chat.ts';
import { actions } from './actions.ts';
import { button, buttonRow, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan } from './escape.ts';
import { clampMessage, slackLimits } from './limits.ts';

export interface UnknownName {
  /** Such as `The inventory does not know a device of that name.` */
  readonly problem: string;
  /** Names that were probably meant, the nearest first. */
  readonly near: readonly string[];
  readonly about: 'outage' | 'paging';
  /** What the button carries. */
  readonly value: string;
}

/** Refuses a name that nothing bears, with what was probably meant, and a button for who knows better. */
export function renderDoAnyway({ problem, near, about, value }: UnknownName): ChatMessage {
  const names = near.map((name) => codeSpan(clampText(name, 80)));
  const hint = names.length === 0 ? '' : ` Did you mean ${names.join(' or ')}?`;
  const text = `${problem} Nothing was done.${hint}`;
  const action = about === 'paging' ? actions.pagingAnyway : actions.outageAnyway;
  const row =
    value.length > slackLimits.buttonValue ? [] : [buttonRow([button('Do it anyway', action, value)])];
  return clampMessage({ text, blocks: [section(text), ...row] });
}
