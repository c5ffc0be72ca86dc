import { and, eq, ne } from 'drizzle-orm';
import type { ReadingTx } from '../../domain/store/readings.ts';
import type { Db } from './database.ts';
import { readings } from './schema/readings.ts';

export function readingQueries(db: Db): ReadingTx {
  return {
    async beginReading(intake, reader, since) {
      const added = await db
        .insert(readings)
        .values({ intake, reader, since })
        .onConflictDoNothing()
        .returning({ intake: readings.intake });
      if (added.length > 0) return false;
      // Its own note is there already if the answer to a first try was lost.
      const taken = await db
        .update(readings)
        .set({ reader, since })
        .where(and(eq(readings.intake, intake), ne(readings.reader, reader)))
        .returning({ intake: readings.intake });
      return taken.length > 0;
    },

    async endReading(intake, reader) {
      await db.delete(readings).where(and(eq(readings.intake, intake), eq(readings.reader, reader)));
    },
  };
}
