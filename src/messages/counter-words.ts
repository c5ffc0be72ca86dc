import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { failureName } from './ticket-fields.ts';

/**
 * Says in mrkdwn what a counter adds up: `connection error of device int-58`, `connection error of server int-38, region eu
 * only`, `failures behind int-38`.
 */
export function describeCounter(counter: string): string {
  const [, kind = '', limits = '', scoped = ''] = /^([^(|]*)(?:\((.*)\))?\|(.*)$/s.exec(counter) ?? [];
  if (scoped === '') return codeSpan(clampText(counter, 120));
  const [scope = '', ...rest] = scoped.split(':');
  const name = rest.join(':');
  const subject =
    name === '' ? `the whole ${escapeText(scope)}` : `${escapeText(scope)} ${codeSpan(clampText(name, 80))}`;
  const only = limits === '' ? '' : ` (${escapeText(clampText(limits, 100)).replaceAll('=', ' ')})`;
  if (kind === 'root-cause') return `failures behind ${codeSpan(clampText(name, 80))}${only}`;
  return `${escapeText(clampText(failureName(kind), 60))} of ${subject}${only}`;
}
