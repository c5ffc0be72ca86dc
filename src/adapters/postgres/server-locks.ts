import { eq, sql } from 'drizzle-orm';
import type { ServerLockTx } from '../../domain/store/server-locks.ts';
import type { Db } from './database.ts';
import { serverLocks } from './schema/server-locks.ts';
import { isUp, type StoreTime } from './store-time.ts';

export function serverLockQueries(db: Db, time: StoreTime): ServerLockTx {
  const isOwn = eq(serverLocks.redistributionId, sql`excluded.redistribution_id`);
  const keepIfOwn = (column: 'owner' | 'since') =>
    sql`case when ${isOwn} then ${serverLocks[column]} else ${sql.raw(`excluded.${column}`)} end`;
  return {
    async takeServerLock(lock, lengthMs) {
      const since = time.inSql();
      const expiresAt = sql`${since} + ${lengthMs} * interval '1 millisecond'`;
      const taken = await db
        .insert(serverLocks)
        .values({ ...lock, since, expiresAt })
        .onConflictDoUpdate({
          target: serverLocks.server,
          set: {
            redistributionId: lock.redistributionId,
            owner: keepIfOwn('owner'),
            since: keepIfOwn('since'),
            expiresAt: sql`excluded.expires_at`,
          },
          setWhere: sql`${isOwn} or ${isUp(serverLocks.expiresAt, since, lengthMs)}`,
        })
        .returning({ server: serverLocks.server });
      if (taken.length > 0) return null;
      const [held] = await db.select().from(serverLocks).where(eq(serverLocks.server, lock.server));
      return held ?? null;
    },

    async freeServerLock(redistributionId) {
      await db.delete(serverLocks).where(eq(serverLocks.redistributionId, redistributionId));
    },
  };
}
