import type { ChatMessage } from '../domain/chat.ts';
import type { Totals } from '../domain/store/thresholds.ts';
import { header, section } from './blocks.ts';
import { codeSpan } from './escape.ts';
import { clampMessage } from './limits.ts';
import { countOf, showTime } from './wording.ts';

/** The running totals of a part of the network (A7), `about` in words. */
export function renderTotals(about: string, { failures, devices }: Totals, timeZone: string): ChatMessage {
  const title = `Totals: ${about}`;
  if (failures.length === 0)
    return clampMessage({ text: title, blocks: [header(title), section('No alerts.')] });
  const byFailure = failures.map(
    ({ failure, alerts, devices: n, lastAt }) =>
      `${codeSpan(failure)}  ${countOf(alerts, 'alert')} of ${countOf(n, 'device')}, the last one ${showTime(lastAt, timeZone)}`,
  );
  const byDevice = devices.map(
    ({ device, failure, alerts }) => `${codeSpan(device)}  ${codeSpan(failure)}  ${countOf(alerts, 'alert')}`,
  );
  return clampMessage({
    text: title,
    blocks: [header(title), section(byFailure.join('\n')), section(`*Most often*\n${byDevice.join('\n')}`)],
  });
}
