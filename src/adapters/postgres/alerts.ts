import type { AlertTx } from '../../domain/store/alerts.ts';
import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { bulkInsert } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { alertScopes, alerts } from './schema/alerts.ts';

/** Any number, as long as nothing else in the database uses it. */
export const countingLock = 7_364_002;

export function alertQueries(db: Db): AlertTx {
  return {
    async lockCounting() {
      await db.execute(sql`select pg_advisory_xact_lock(${countingLock})`);
    },

    async addAlerts(records) {
      if (records.length === 0) return;
      await db.execute(bulkInsert(db, alerts, records));
      const scopes = records.flatMap(({ mailId, ordinal, at, wider = [] }) =>
        wider.map(({ counter, rule }) => ({ mailId, ordinal, counter, ruleId: rule.id, at })),
      );
      if (scopes.length > 0) await db.execute(bulkInsert(db, alertScopes, scopes));
    },

    async moveAlerts(ticketIds, state, reason) {
      const isTheirs = inArray(alerts.ticketId, [...ticketIds]);
      if (ticketIds.length > 0) await db.update(alerts).set({ state, reason }).where(isTheirs);
    },

    async expireAlerts(before) {
      const expired = await db
        .update(alerts)
        .set({ state: 'expired', reason: 'window-passed' })
        .where(and(eq(alerts.state, 'counted'), lt(alerts.at, before)))
        .returning({ id: alerts.id });
      // No window reaches so far back: what is in a ticket stays there.
      await db.delete(alertScopes).where(lt(alertScopes.at, before));
      return expired.length;
    },
  };
}
