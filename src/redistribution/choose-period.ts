import type { Period } from '../domain/redistribution.ts';
import type { Ticket } from '../domain/ticket.ts';
import { formatMoment } from '../domain/zoned-time.ts';
import { parsePeriod } from './period.ts';

/** What is known of a server when somebody names no times. */
export interface PeriodFacts {
  /** Its repaired tickets, or those of the device that somebody asks for. */
  readonly repaired: readonly Pick<Ticket, 'id' | 'firstAt' | 'lastAt' | 'repairedAt'>[];
  readonly servicedUntil: Date | null;
  readonly oldestFailure: Date | null;
}

type ChosenPeriod = Period & { readonly text: string };

/**
 * The period of a redistribution (B3): as typed; `since the last servicing`; and where nothing is typed, the down time that
 * repaired tickets tell, from the first failure to the repair, else since yesterday. Without a servicing before, the first
 * failure that is known begins it. `text` says the period in full, and where it comes from.
 * @throws RestageError `period-invalid` with examples.
 */
export function choosePeriod(typed: string, facts: PeriodFacts, now: Date, timeZone: string): ChosenPeriod {
  const wanted = typed.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (wanted === '') return downtimeOf(facts.repaired, timeZone) ?? parsePeriod('', now, timeZone);
  if (!/^since (?:the )?last servicing$/.test(wanted)) return parsePeriod(typed, now, timeZone);
  const { servicedUntil, oldestFailure } = facts;
  if (servicedUntil) return describePeriod(servicedUntil, now, timeZone, 'since the last servicing');
  const from = oldestFailure ?? parsePeriod('', now, timeZone).from;
  return describePeriod(from, now, timeZone, 'never serviced before');
}

function downtimeOf(tickets: PeriodFacts['repaired'], timeZone: string): ChosenPeriod | null {
  if (tickets.length === 0) return null;
  const from = Math.min(...tickets.map(({ firstAt }) => firstAt.getTime()));
  // A last alert belongs to it, even if its clock is ahead of whoever repaired it.
  const ends = tickets.map(({ lastAt, repairedAt }) =>
    Math.max(lastAt.getTime() + 1, repairedAt?.getTime() ?? 0),
  );
  const ids = tickets.map(({ id }) => id).toSorted((a, b) => a - b);
  const source = `the down time of ticket${ids.length > 1 ? 's' : ''} ${ids.join(', ')}`;
  return describePeriod(new Date(from), new Date(Math.max(...ends)), timeZone, source);
}

/** A period with its text; `source` says where it comes from. */
export function describePeriod(from: Date, until: Date, timeZone: string, source: string): ChosenPeriod {
  const show = (at: Date) => formatMoment(at, timeZone);
  return { from, until, text: `${show(from)} to ${show(until)} (${timeZone}), ${source}` };
}
