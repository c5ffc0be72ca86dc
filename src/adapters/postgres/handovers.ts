import { and, desc, eq, gt, gte, isNull, lte, ne, sql } from 'drizzle-orm';
import type { TicketCareTx } from '../../domain/store/ticket-care.ts';
import { isAnyOf } from './any-of.ts';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';
import { tickets } from './schema/tickets.ts';
import { withFacts } from './tickets.ts';

const dayMs = 86_400_000;

/** What one shift tells the next of tickets that are over, and of what comes back. */
export function handoverQueries(db: Db): Pick<TicketCareTx, 'resolvedByItself' | 'daysFailed'> {
  return {
    async resolvedByItself(since) {
      const rows = await db
        .select()
        .from(tickets)
        .where(and(eq(tickets.state, 'resolved'), isNull(tickets.resolvedBy), gte(tickets.resolvedAt, since)))
        .orderBy(desc(tickets.resolvedAt), desc(tickets.id));
      return withFacts(db, rows);
    },

    daysFailed: (counters, now, days) => countDays(db, counters, now, days),
  };
}

async function countDays(
  db: Db,
  counters: readonly string[],
  now: Date,
  days: number,
): Promise<ReadonlyMap<string, number>> {
  if (counters.length === 0) return new Map();
  const since = new Date(now.getTime() - days * dayMs);
  const ago = sql`floor(extract(epoch from ${now.toISOString()}::timestamptz - ${alerts.at}) / 86400)`;
  const rows = await db
    .select({ counter: alerts.counter, n: sql<number>`count(distinct ${ago})`.mapWith(Number) })
    .from(alerts)
    .where(
      and(
        isAnyOf(alerts.counter, counters),
        gt(alerts.at, since),
        lte(alerts.at, now),
        ne(alerts.state, 'voided'),
      ),
    )
    .groupBy(alerts.counter);
  return new Map(rows.map(({ counter, n }) => [counter, n]));
}
