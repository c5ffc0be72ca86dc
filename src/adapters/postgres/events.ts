import { asc, lt } from 'drizzle-orm';
import type { EventTx } from '../../domain/store/events.ts';
import type { Db } from './database.ts';
import { auditEntries, seenEvents } from './schema/events.ts';

/** PostgreSQL takes 65,535 parameters a statement. */
const insertedAtOnce = 1_000;

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

    async auditAll(entries) {
      for (let from = 0; from < entries.length; from += insertedAtOnce) {
        await db.insert(auditEntries).values(entries.slice(from, from + insertedAtOnce));
      }
    },

    async auditedBefore(end) {
      const rows = await db
        .select()
        .from(auditEntries)
        .where(lt(auditEntries.at, end))
        .orderBy(asc(auditEntries.id));
      return rows.map(({ id: _id, ...entry }) => entry);
    },
  };
}
