import type { ChatMessage } from '../domain/chat.ts';
import type { OpenFailures, RecoveryOffer } from '../domain/store/watches.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan } from './escape.ts';
import { foldNames } from './fold-names.ts';
import { clampMessage } from './limits.ts';
import { countOf, mention, showTime } from './wording.ts';

/** What is back, what waits for it, and the button that begins its redistribution (B4); `failures` are those of the offer. */
export function renderRecoveryOffer(
  offer: RecoveryOffer,
  failures: readonly OpenFailures[],
  timeZone: string,
): ChatMessage {
  const { devices, server, takenBy, takenAt } = offer;
  const names = codeSpan(clampText(foldNames(devices), 300));
  const title = `:satellite: ${names} ${devices.length === 1 ? 'is' : 'are'} back`;
  const taken =
    takenAt && takenBy ? `Taken up by ${mention(takenBy.userId)} ${showTime(takenAt, timeZone)}` : null;
  const look = button('Find what failed', actions.recoveryRedistribute, offer.id, { style: 'primary' });
  return clampMessage({
    text: title,
    blocks: [
      section(`${title}\n${waitingText(server, failures, timeZone)}`),
      ...(taken === null ? [buttonRow([look])] : [context(taken)]),
    ],
  });
}

function waitingText(server: string, failures: readonly OpenFailures[], timeZone: string): string {
  const on = codeSpan(clampText(server, 80));
  const [first] = failures.toSorted((a, b) => a.firstAt.getTime() - b.firstAt.getTime());
  if (!first) return `Nothing is known to have failed on ${on} by now; its logs may know more.`;
  const deliveries = failures.reduce((sum, { count }) => sum + count, 0);
  const what = countOf(deliveries, 'failed delivery', 'failed deliveries');
  const whom = clampText(foldNames(failures.map(({ recipient }) => recipient)), 300);
  return `${what} of ${on} for ${codeSpan(whom)} since ${showTime(first.firstAt, timeZone)}.`;
}
