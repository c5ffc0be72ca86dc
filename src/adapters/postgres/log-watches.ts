import { and, asc, eq, gte, inArray, isNull, notInArray, sql } from 'drizzle-orm';
import type { LogWatchTx } from '../../domain/store/log-watches.ts';
import { isAnyOf } from './any-of.ts';
import type { Db } from './db.ts';
import { failedJobs } from './schema/failed-jobs.ts';
import { logWatches } from './schema/log-watches.ts';
import { isUp, type StoreTime } from './store-time.ts';

export function logWatchQueries(db: Db, time: StoreTime): LogWatchTx {
  const { server, lookAt } = logWatches;

  return {
    async syncLogWatches(servers, since, firstAt) {
      if (servers.length === 0) return;
      const { server: ofServer, clearedAt, failedAt } = failedJobs;
      const failing = and(isNull(clearedAt), isAnyOf(ofServer, servers), gte(failedAt, since));
      const rows = await db.selectDistinct({ name: ofServer }).from(failedJobs).where(failing);
      const names = rows.map(({ name }) => name);
      await db.delete(logWatches).where(names.length > 0 ? notInArray(server, names) : undefined);
      if (names.length === 0) return;
      const added = names.map((name) => ({ server: name, lookAt: firstAt }));
      await db.insert(logWatches).values(added).onConflictDoNothing();
    },

    async claimLogWatches(leaseMs, longestMs, most) {
      const now = time.inSql();
      const due = db
        .select({ server })
        .from(logWatches)
        .where(isUp(lookAt, now, Math.max(leaseMs, longestMs)))
        .orderBy(asc(lookAt))
        .limit(most)
        .for('update', { skipLocked: true });
      const until = sql`${now} + ${leaseMs} * interval '1 millisecond'`;
      return db.update(logWatches).set({ lookAt: until }).where(inArray(server, due)).returning();
    },

    async saveLogWatch({ server: name, lookAt: claimedUntil }, change) {
      const saved = await db
        .update(logWatches)
        .set(change)
        .where(and(eq(server, name), eq(lookAt, claimedUntil)))
        .returning({ server });
      return saved.length === 1;
    },
  };
}
