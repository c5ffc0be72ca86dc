import { and, eq, gte, inArray, isNull, lte, min, notInArray, type SQL, sql } from 'drizzle-orm';
import type { ServicingTx } from '../../domain/store/servicing.ts';
import type { Db } from './database.ts';
import { failedJobs } from './schema/failed-jobs.ts';
import { redistributions, servicings } from './schema/redistributions.ts';

export function servicingQueries(db: Db): ServicingTx {
  const {
    server: ofServer,
    recipients,
    job,
    state,
    from: begin,
    until,
    requestedAt,
    unread,
  } = redistributions;
  const hasReadAll = sql`${unread} = '[]'::jsonb`;

  /** A redistribution knows nothing of what happened after it was asked for. */
  async function latestEnd(condition: SQL | undefined): Promise<Date | null> {
    const end = sql`max(least(${until}, ${requestedAt}))`.mapWith(until);
    const [row] = await db.select({ end }).from(redistributions).where(condition);
    return row?.end ?? null;
  }

  return {
    servicedUntil: (server) =>
      latestEnd(
        and(
          eq(ofServer, server),
          isNull(recipients),
          isNull(job),
          inArray(state, ['done', 'empty']),
          hasReadAll,
        ),
      ),

    gatheredUntil: (server, from) =>
      latestEnd(
        and(eq(ofServer, server), lte(begin, from), notInArray(state, ['gathering', 'failed']), hasReadAll),
      ),

    async takeServicing(name, slot) {
      const taken = await db
        .insert(servicings)
        .values({ server: name, slot })
        .onConflictDoNothing()
        .returning({ server: servicings.server });
      return taken.length === 1;
    },

    async oldestFailure(server, since) {
      const { failedAt, clearedAt } = failedJobs;
      const isLater = since ? gte(failedAt, since) : undefined;
      const [row] = await db
        .select({ at: min(failedAt) })
        .from(failedJobs)
        .where(and(eq(failedJobs.server, server), isNull(clearedAt), isLater));
      return row?.at ?? null;
    },
  };
}
