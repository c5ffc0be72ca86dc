import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import type { Outage } from '../../domain/outage.ts';
import type { OutageTx } from '../../domain/store/outages.ts';
import type { Db } from './database.ts';
import { outages } from './schema/outages.ts';
import { settlingQueries, voidedAlertQueries } from './voided-alerts.ts';

/** Any number, as long as nothing else in the database uses it. */
const sourceLock = 7_364_010;

type OutageRow = typeof outages.$inferSelect;

export function outageQueries(db: Db): OutageTx {
  return {
    async outagesDuring(from, until) {
      const rows = await db
        .select()
        .from(outages)
        .where(and(lte(outages.from, until), gt(outages.until, from)))
        .orderBy(asc(outages.from), asc(outages.id));
      return rows.map(toOutage);
    },

    async outage(id) {
      const [row] = await db.select().from(outages).where(eq(outages.id, id)).for('update');
      return row ? toOutage(row) : null;
    },

    async addOutage({ target, ...outage }) {
      const row = { ...outage, targetKind: target.kind, targetName: target.name };
      const [added] = await db.insert(outages).values(row).returning({ id: outages.id });
      if (!added) throw new Error('PostgreSQL answered an INSERT … RETURNING without a row');
      return added.id;
    },

    async changeOutage(id, { target, ...change }) {
      const place = target && { targetKind: target.kind, targetName: target.name };
      await db
        .update(outages)
        .set({ ...change, ...place })
        .where(eq(outages.id, id));
    },

    async lockSource(source) {
      await db.execute(sql`select pg_advisory_xact_lock(${sourceLock}, hashtext(${source}))`);
    },

    async outagesOfSource(source, uids, now) {
      const isNamed = uids.length > 0 ? inArray(outages.uid, [...uids]) : undefined;
      const rows = await db
        .select()
        .from(outages)
        .where(and(eq(outages.source, source), or(gt(outages.until, now), isNamed)));
      return rows.map(toOutage);
    },

    async sourcesWithOutages(now) {
      const rows = await db
        .selectDistinct({ source: outages.source })
        .from(outages)
        .where(and(isNotNull(outages.source), gt(outages.until, now)));
      return rows.flatMap(({ source }) => (source === null ? [] : [source]));
    },

    async outagesToEnd(now) {
      const rows = await db
        .select({ id: outages.id })
        .from(outages)
        .where(and(isNull(outages.endedHandledAt), lte(outages.until, now)))
        .orderBy(asc(outages.until), asc(outages.id));
      return rows.map((row) => row.id);
    },

    ...voidedAlertQueries(db),
    ...settlingQueries(db),
  };
}

function toOutage({ targetKind, targetName, ...row }: OutageRow): Outage {
  return { ...row, target: { kind: targetKind, name: targetName } };
}
