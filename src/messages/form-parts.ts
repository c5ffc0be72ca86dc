import type { InputBlock, PlainTextElement } from '@slack/types';

/** Plain text in a form. */
export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

/** Asks for a reason, of at most 300 characters, under the block and action id `reason`. */
export function reasonInput(label: string, hint: string): InputBlock {
  return {
    type: 'input',
    block_id: 'reason',
    label: plain(label),
    hint: plain(hint),
    element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: 300 },
  };
}
