import { and, desc, eq, gte, inArray, lte, or, sql } from 'drizzle-orm';
import type { TicketCareTx } from '../../domain/store/ticket-care.ts';
import { liveTicketStates } from '../../domain/ticket.ts';
import { isAnyOf } from './any-of.ts';
import { rowsOf } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { tickets } from './schema/tickets.ts';

/** What is known of problems that fail again and again. */
export function recurringQueries(db: Db): Pick<TicketCareTx, 'failureTimes' | 'resolvedBefore'> {
  return {
    failureTimes: (problems, since, until) => readTimes(db, problems, since, until),

    async resolvedBefore(counters, addresses, since) {
      const { id, counter, failure, subject, channel, postAt, state, resolvedAt } = tickets;
      const address = sql<string | null>`${tickets.diagnosis}#>>'{evidence,target,address}'`;
      const isSame = or(isAnyOf(counter, counters), inArray(address, [...addresses]));
      return db
        .select({ id, counter, failure, subject, channel, postAt, address })
        .from(tickets)
        .where(and(eq(state, 'resolved'), gte(resolvedAt, since), isSame))
        .orderBy(desc(id));
    },
  };
}

/** Full quarters of an hour tell the day in every zone, and are few. */
const quarterMs = 900_000;
const quarterOf = sql`floor(extract(epoch from ${alerts.at}) / 900)`;

async function readTimes(
  db: Db,
  problems: Parameters<TicketCareTx['failureTimes']>[0],
  since: Date,
  until: Date,
): Promise<ReadonlyMap<string, readonly Date[]>> {
  if (problems.length === 0) return new Map();
  const pairs = problems.flatMap(({ counter, spelled }) =>
    spelled.map((one) => ({ ...one, problem: counter })),
  );
  const wide = problems.flatMap(({ counter, spelled }) => (spelled.length === 0 ? [counter] : []));
  const isFailure = and(gte(alerts.at, since), lte(alerts.at, until), sql`${alerts.state} <> 'voided'`);
  const isRecent = or(inArray(tickets.state, [...liveTicketStates]), gte(tickets.resolvedAt, since));
  const result = await db.execute(sql`
    select problem, quarter::float8 as quarter from (
      select named.problem, ${quarterOf} as quarter
      from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as named(device text, counter text, problem text)
      join ${alerts} on ${alerts.counter} = named.counter and ${alerts.deviceName} = named.device
      where ${isFailure}
      union
      select ${tickets.counter}, ${quarterOf}
      from ${tickets} join ${alerts} on ${alerts.ticketId} = ${tickets.id}
      where ${isAnyOf(tickets.counter, wide)} and ${isRecent} and ${isFailure}
    ) as failed
    order by 1, 2`);
  const rows = rowsOf<{ readonly problem: string; readonly quarter: number }>(result);
  const times = new Map<string, Date[]>();
  for (const { problem, quarter } of rows) {
    const known = times.get(problem) ?? [];
    known.push(new Date(quarter * quarterMs));
    times.set(problem, known);
  }
  return times;
}
