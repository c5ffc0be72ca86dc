import type { Recurring } from '../domain/recurring.ts';
import { clampText } from './clamp-text.ts';
import { escapeText } from './escape.ts';
import { failureName } from './ticket-fields.ts';

export interface RecurringView extends Recurring {
  /** Of another ticket in the same message; `null` if the line is about the message's own. */
  readonly failure: string | null;
  /** The ticket about the same problem that was resolved last; `null` if none was in these weeks. */
  readonly before: {
    readonly id: number;
    /** Address of its message; `null` if it has none, or Slack does not say. */
    readonly link: string | null;
  } | null;
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `failed in 4 of the last 5 nights`, `failed on 3 of the last 4 Sundays`. */
export function describeRecurring({ failed, of, every, weekday }: Recurring): string {
  const named = weekday === null ? '' : (weekdays[weekday] ?? '');
  const night = named === '' ? 'nights' : `${named} nights`;
  const day = named === '' ? 'days' : `${named}s`;
  return every === 'night'
    ? `failed in ${failed} of the last ${of} ${night}`
    : `failed on ${failed} of the last ${of} ${day}`;
}

/** The ticket before, with a link if there is one; empty if there is no such ticket. */
export function describeBefore({ before }: RecurringView): string {
  if (before === null) return '';
  return before.link === null
    ? `the ticket before: ${before.id}`
    : `<${before.link}|the ticket before>: ${before.id}`;
}

/** A ticket's line: `Failed in 4 of the last 5 nights · the ticket before: 7`. */
export function recurringLine(recurring: RecurringView): string {
  const said = describeRecurring(recurring);
  const { failure } = recurring;
  const named =
    failure === null ? `F${said.slice(1)}` : `${escapeText(clampText(failureName(failure), 60))}: ${said}`;
  return `:repeat: ${[named, describeBefore(recurring)].filter(Boolean).join(' · ')}`;
}
