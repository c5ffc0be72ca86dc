import type { ChatMessage } from '../domain/chat.ts';
import type { Ticket } from '../domain/ticket.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { renderMarkup } from './notice.ts';
import { failureName } from './ticket-fields.ts';
import { showDuration } from './wording.ts';

/** A new line in a ticket's channel: what fails again, and after how long. */
export function renderAgain(
  { id, subject, failure }: Pick<Ticket, 'id' | 'subject' | 'failure'>,
  silentMs: number,
): ChatMessage {
  const what = `${codeSpan(clampText(subject, 120))}: ${escapeText(clampText(failureName(failure), 60))}`;
  return renderMarkup(
    `:repeat: ${what} fails again after ${showDuration(silentMs)} of silence (ticket ${id}).`,
  );
}

/** The same with a link to the ticket's message. */
export function linkAgain({ text }: ChatMessage, link: string): ChatMessage {
  return renderMarkup(`${text} <${link}|Its message>`);
}
