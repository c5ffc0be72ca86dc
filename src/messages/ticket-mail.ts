import type { Ticket } from '../domain/ticket.ts';
import { foldNames } from './fold-names.ts';
import { failureName } from './ticket-fields.ts';
import { titleOf } from './ticket-title.ts';
import { describeRegions, type ScopeView } from './scope.ts';
import { timeIn } from './wording.ts';

/** A ticket as a plain mail (A19), `scope` where it is about more than a device: the same facts as its message in Slack. No line can become a header. */
export function renderTicketMail(
  ticket: Ticket,
  timeZone: string,
  scope: ScopeView | null = null,
): { subject: string; text: string } {
  const { location } = ticket;
  const about = scope?.title ?? ticket.subject;
  const place = [location?.site, location?.building, location?.room].filter((part) => part != null);
  const lines: readonly (readonly [string, string])[] = [
    ['Ticket', String(ticket.id)],
    [scope?.label ?? 'Device', about],
    ['Regions', scope ? describeRegions(scope.origins) : ''],
    ['Failure', failureName(ticket.failure)],
    ['Announced', ticket.announced],
    ['Alerts', String(ticket.alertCount)],
    ['First', timeIn(ticket.firstAt, timeZone)],
    ['Last', timeIn(ticket.lastAt, timeZone)],
    ['Package', ticket.packages.join(', ')],
    ['Job', ticket.jobs.join(', ')],
    ['Server', ticket.servers.join(', ')],
    ['Location', place.join(' / ')],
    ['Corrected', location?.corrections.join('; ') ?? ''],
    [
      'Diagnosis',
      ticket.diagnosis ? `${ticket.diagnosis.verdict.replace('-', ' ')}: ${ticket.diagnosis.reason}` : '',
    ],
    ['Devices', ticket.deviceCount > 0 ? `${ticket.deviceCount}: ${foldNames(ticket.devices)}` : ''],
    ['Slack', ticket.channel === null ? '' : `#${ticket.channel}`],
  ];
  const text = lines
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${`${label}:`.padEnd(11)} ${oneLine(value)}`)
    .join('\n');
  return {
    subject: oneLine(`[ticket ${ticket.id}] ${titleOf(ticket, scope?.title ?? null)}`).slice(0, 200),
    text: `${text}\n`,
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 2000);
}
