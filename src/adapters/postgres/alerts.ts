import type { AlertTx } from '../../domain/store/alerts.ts';
import { and, asc, eq, gte, lt, lte, sql } from 'drizzle-orm';
import type { Db } from './database.ts';
import { alerts } from './schema/alerts.ts';

/** Any number, as long as nothing else in the database uses it. */
const countingLock = 7_364_002;
/** Keeps a statement below PostgreSQL's 65,535 parameters. */
const rowsPerInsert = 1000;

export function alertQueries(db: Db): AlertTx {
  return {
    async lockCounting() {
      await db.execute(sql`select pg_advisory_xact_lock(${countingLock})`);
    },

    async addAlerts(records) {
      for (let start = 0; start < records.length; start += rowsPerInsert) {
        await db.insert(alerts).values(records.slice(start, start + rowsPerInsert));
      }
    },

    async countedTimes(counter, from, until) {
      const rows = await db
        .select({ at: alerts.at })
        .from(alerts)
        .where(countedWithin(counter, from, until))
        .orderBy(asc(alerts.at));
      return rows.map((row) => row.at);
    },

    async assignCounted(counter, from, until, ticketId) {
      await db
        .update(alerts)
        .set({ ticketId, state: 'held', reason: 'threshold-met' })
        .where(countedWithin(counter, from, until));
    },

    async moveAlerts(ticketId, state, reason) {
      await db.update(alerts).set({ state, reason }).where(eq(alerts.ticketId, ticketId));
    },

    async expireAlerts(before) {
      const expired = await db
        .update(alerts)
        .set({ state: 'expired', reason: 'window-passed' })
        .where(and(eq(alerts.state, 'counted'), lt(alerts.at, before)))
        .returning({ id: alerts.id });
      return expired.length;
    },
  };
}

function countedWithin(counter: string, from: Date, until: Date) {
  return and(
    eq(alerts.counter, counter),
    eq(alerts.state, 'counted'),
    gte(alerts.at, from),
    lte(alerts.at, until),
  );
}
