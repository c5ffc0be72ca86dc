import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  MrkdwnElement,
  SectionBlock,
  TableBlock,
} from '@slack/types';
import { clampText } from './clamp-text.ts';
import type { ActionId } from './actions.ts';
import { slackLimits } from './limits.ts';

/** `verbatim`: Slack must not turn plain text into links and mentions by itself. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

export function header(text: string): HeaderBlock {
  return {
    type: 'header',
    text: { type: 'plain_text', text: clampText(text, slackLimits.header), emoji: false },
  };
}

export function section(text: string): SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}

/** Label and value pairs in two columns; Slack takes ten at most. */
export function fields(pairs: readonly (readonly [label: string, value: string])[]): SectionBlock {
  return { type: 'section', fields: pairs.map(([label, value]) => mrkdwn(`*${label}*\n${value}`)) };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}

/** A table of plain text, its first row being the head; Slack takes one a message. */
export function table(
  rows: readonly (readonly string[])[],
  rightColumns: readonly number[] = [],
): TableBlock {
  return {
    type: 'table',
    rows: rows.map((row) => row.map((text) => ({ type: 'raw_text', text }))),
    column_settings: (rows[0] ?? []).map((_, index) => ({
      align: rightColumns.includes(index) ? 'right' : 'left',
      is_wrapped: true,
    })),
  };
}

/** A section with a button beside it. */
export function sectionWith(text: string, accessory: Button): SectionBlock {
  return { ...section(text), accessory };
}

export function buttonRow(buttons: readonly Button[]): ActionsBlock {
  return { type: 'actions', elements: [...buttons] };
}

/** A button carries the id of its thing only; everything else is loaded when it is clicked. */
export function button(
  label: string,
  actionId: ActionId,
  value: string,
  look: { style?: 'primary' | 'danger'; confirm?: ConfirmationDialog } = {},
): Button {
  return {
    type: 'button',
    text: { type: 'plain_text', text: label, emoji: false },
    action_id: actionId,
    value,
    ...look,
  };
}

export function confirmDialog(title: string, text: string, yes: string): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: clampText(title, slackLimits.confirmTitle) },
    text: { type: 'plain_text', text: clampText(text, slackLimits.confirmText) },
    confirm: { type: 'plain_text', text: clampText(yes, slackLimits.confirmButton) },
    deny: { type: 'plain_text', text: 'Cancel' },
  };
}
