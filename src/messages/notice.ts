import type { ChatMessage } from '../domain/chat.ts';
import { section } from './blocks.ts';
import { escapeLines } from './escape.ts';
import { clampMessage } from './limits.ts';

/** A plain answer. The text is escaped here, so it may quote what people typed; `*bold*` and backticks still work. */
export function renderNotice(text: string): ChatMessage {
  return renderMarkup(escapeLines(text));
}

/** An answer in Slack's markup, mentions included: whatever came from outside must be escaped in it already. */
export function renderMarkup(markup: string): ChatMessage {
  return clampMessage({ text: markup, blocks: [section(markup)] });
}
