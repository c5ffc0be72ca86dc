import type { ChatMessage } from '../domain/chat.ts';
import type { AfterOutage } from '../domain/ticket.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { renderMarkup } from './notice.ts';
import { showTime } from './wording.ts';

/** In the ticket itself, in one line: why alerts that were out of the totals count after all (A10). */
export function outageNote({ window, reason, endedAt }: AfterOutage, timeZone: string): string {
  const what = `${codeSpan(clampText(window, 80))} (${escapeText(clampText(reason, 120))})`;
  return `:construction: still failing after the maintenance window ${what} ended ${showTime(new Date(endedAt), timeZone)}`;
}

/** The same in the ticket's thread. */
export function renderOutageNote(after: AfterOutage, timeZone: string): ChatMessage {
  return renderMarkup(`${outageNote(after, timeZone)}. Its alerts since then count anew.`);
}
