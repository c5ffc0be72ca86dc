import type { SectionBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { FailedDelivery } from '../domain/store/deliveries.ts';
import { actions } from './actions.ts';
import { button, context, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { clampMessage } from './limits.ts';
import { renderNotice } from './notice.ts';
import { countOf, showTime } from './wording.ts';

const shown = 20;

const kindWords: Readonly<Partial<Record<FailedDelivery['kind'], string>>> = {
  ticket: 'ticket',
  note: "line in a ticket's thread",
  story: "line in a ticket's thread",
  command: "command's output",
  undelivered: 'announcement of undelivered messages',
  email: 'mail about ticket',
};

/** Messages that were given up (A18), the first of `total`, each with its reason and a button to try again. */
export function renderFailedDeliveries(
  failed: readonly FailedDelivery[],
  total: number,
  timeZone: string,
): ChatMessage {
  if (failed.length === 0) return renderNotice('Every message has been delivered, or is being tried again.');
  const text = `${countOf(total, 'message')} could not be delivered.`;
  const more = total - shown;
  return clampMessage({
    text,
    blocks: [
      section(`:warning: *${text}* Mend the cause, then try again.`),
      ...failed.slice(0, shown).map((one) => failedSection(one, timeZone)),
      ...(more > 0 ? [context(`and ${more} more`)] : []),
    ],
  });
}

function failedSection(failed: FailedDelivery, timeZone: string): SectionBlock {
  const { id, kind, subjectId, channel, createdAt, attempts, lastError } = failed;
  const what = `${kindWords[kind] ?? kind} ${codeSpan(clampText(subjectId, 60))} for ${codeSpan(clampText(channel, 80))}`;
  const why = escapeText(clampText(lastError ?? 'unknown reason', 200));
  const since = `since ${showTime(createdAt, timeZone)}, ${countOf(attempts, 'try', 'tries')}`;
  return {
    ...section(`${what}\n${why} · ${since}`),
    accessory: button('Try again', actions.deliveryRetry, id),
  };
}
