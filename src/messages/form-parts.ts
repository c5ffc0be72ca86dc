import type { PlainTextElement } from '@slack/types';

/** Plain text in a form. */
export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
