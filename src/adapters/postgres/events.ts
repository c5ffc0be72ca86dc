import { lt } from 'drizzle-orm';
import type { EventTx } from '../../domain/store/events.ts';
import type { Db } from './database.ts';
import { auditEntries, seenEvents } from './schema/events.ts';

export function eventQueries(db: Db): EventTx {
  return {
    async firstSight(key, now) {
      const added = await db.insert(seenEvents).values({ key, at: now }).onConflictDoNothing().returning();
      return added.length === 1;
    },

    async forgetEvents(before) {
      await db.delete(seenEvents).where(lt(seenEvents.at, before));
    },

    async audit(entry) {
      await db.insert(auditEntries).values(entry);
    },
  };
}
