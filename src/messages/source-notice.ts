import type { ChatMessage } from '../domain/chat.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeLines } from './escape.ts';
import { renderMarkup } from './notice.ts';

/** Says once that a source broke, and once that it is well again. */
export function renderSourceNotice(name: string, fault: string | null): ChatMessage {
  const source = codeSpan(clampText(name, 120));
  if (fault === null) return renderMarkup(`:white_check_mark: ${source} can be read again.`);
  const what = escapeLines(clampText(fault, 1500)).replaceAll('\n', '\n>');
  return renderMarkup(`:warning: ${source} can't be read; what it said last still holds.\n>${what}`);
}
