import type { Ticket } from '../domain/ticket.ts';
import { rootCauseFailure } from '../domain/root-cause.ts';
import { clampText } from './clamp-text.ts';
import { failureName } from './ticket-fields.ts';
import { countOf } from './wording.ts';

type Titled = Pick<Ticket, 'subject' | 'failure' | 'state' | 'deviceCount' | 'diagnosis'>;

/**
 * Returns what fails where, and how many, as plain text: `int-38 is down: 200 devices failing`. `scope` names a subject
 * that is no device. Once it is repaired or resolved the title tells of the past.
 */
export function titleOf(ticket: Titled, scope: string | null): string {
  const { failure, state, deviceCount, diagnosis } = ticket;
  const isOver = state === 'repaired' || state === 'resolved';
  const subject = clampText(scope ?? ticket.subject, 60);
  const kind = failure === rootCauseFailure ? null : clampText(failureName(failure), 60);
  const isWide = scope !== null || kind === null || deviceCount > 1;
  const many = countOf(deviceCount, 'device');
  const failing = isOver ? `${many} failed` : `${many} failing`;
  if (diagnosis?.verdict === 'device-down' && scope === null) {
    const isDown = `${subject} ${isOver ? 'was' : 'is'} down`;
    return isWide && deviceCount > 0 ? `${isDown}: ${failing}` : isDown;
  }
  if (!isWide || deviceCount === 0)
    return kind === null ? `${subject}: devices behind it fail` : `${subject}: ${kind}`;
  return kind === null ? `${subject}: ${failing} behind it` : `${subject}: ${failing}, ${kind}`;
}
