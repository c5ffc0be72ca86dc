import type { ChatMessage } from '../domain/chat.ts';
import type { PingResult } from '../domain/diagnosis.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan } from './escape.ts';
import { renderMarkup } from './notice.ts';

/**
 * The line in a ticket's thread about a device that was declared repaired. `ping` is `null` where it could not be asked;
 * `wasSilent`: it did not answer when the ticket opened.
 */
export function renderRepairLook(device: string, ping: PingResult | null, wasSilent: boolean): ChatMessage {
  const name = codeSpan(clampText(device, 120));
  return renderMarkup(describe(name, ping, wasSilent));
}

function describe(name: string, ping: PingResult | null, wasSilent: boolean): string {
  if (ping === null) return `:grey_question: It is not known whether ${name} answers: it could not be asked.`;
  if (ping.received > 0) {
    const time = ping.rttMs === null ? '' : `, ${ping.rttMs} ms`;
    return wasSilent
      ? `:white_check_mark: ${name} answers again${time}.`
      : `:information_source: ${name} answers${time}, as it did when the ticket opened: that does not show the repair.`;
  }
  if (ping.ownUplinkDown) {
    return `:grey_question: It is not known whether ${name} answers: the bot's own network is down.`;
  }
  return `:warning: ${name} is still silent: 0 of ${ping.sent} pings answered.`;
}
