import type { ChatMessage } from '../domain/chat.ts';
import type { NotableChange } from '../domain/ticket.ts';
import { renderMarkup } from './notice.ts';
import { countOf, listNames } from './wording.ts';

/** One line of a ticket's thread about its further alerts (A17). */
export function renderStoryLine(line: NotableChange): ChatMessage {
  const parts = [
    line.countCrossed !== null && `Now *${countOf(line.alertCount, 'alert')}*.`,
    line.newFailures.length > 0 && `Fails in another way too: ${listNames(line.newFailures, 5)}.`,
    line.newPackages.length > 0 && `More packages: ${listNames(line.newPackages, 5)}.`,
    line.newDevices > 0 &&
      `${countOf(line.newDevices, 'more device')}, ${line.deviceCount} in all${
        line.countCrossed === null ? `; ${countOf(line.alertCount, 'alert')} now` : ''
      }.`,
  ];
  return renderMarkup(parts.filter(Boolean).join(' '));
}
