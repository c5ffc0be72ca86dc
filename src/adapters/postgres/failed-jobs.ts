import type { FailedJobTx } from '../../domain/store/failed-jobs.ts';
import { and, asc, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { FailedJob } from '../../domain/redistribution.ts';
import type { Db } from './database.ts';
import { failedJobs } from './schema/failed-jobs.ts';

const rowsPerInsert = 1000;

export function failedJobQueries(db: Db): FailedJobTx {
  return {
    async addFailedJobs(jobs) {
      // One statement must not touch a row twice: the newest word on each comes through.
      const newest = new Map<string, FailedJob>();
      for (const job of jobs) {
        const key = JSON.stringify([job.server, job.job, job.recipient, job.package]);
        const known = newest.get(key);
        if (!known || job.attempt >= known.attempt) newest.set(key, job);
      }
      const rows = [...newest.values()];
      for (let start = 0; start < rows.length; start += rowsPerInsert) {
        await upsert(db, rows.slice(start, start + rowsPerInsert));
      }
    },

    async failedJobs(server, period) {
      const inPeriod = period
        ? and(gte(failedJobs.failedAt, period.from), lt(failedJobs.failedAt, period.until))
        : undefined;
      return db
        .select()
        .from(failedJobs)
        .where(and(eq(failedJobs.server, server), isNull(failedJobs.clearedAt), inPeriod))
        .orderBy(asc(failedJobs.failedAt), asc(failedJobs.recipient));
    },

    async serversWithFailuresFor(recipient) {
      const rows = await db
        .selectDistinct({ server: failedJobs.server })
        .from(failedJobs)
        .where(and(eq(failedJobs.recipient, recipient), isNull(failedJobs.clearedAt)));
      return rows.map((row) => row.server);
    },

    async clearFailedJobs(server, job, packages, recipients, attempt, now) {
      if (recipients.length === 0) return;
      await db
        .update(failedJobs)
        .set({ clearedAt: now, attempt: sql`greatest(${failedJobs.attempt}, ${attempt})` })
        .where(
          and(
            eq(failedJobs.server, server),
            eq(failedJobs.job, job),
            inArray(failedJobs.recipient, [...recipients]),
            inArray(failedJobs.package, [...packages]),
          ),
        );
    },
  };
}

/**
 * A further attempt that failed opens a cleared row again, and so does a failure after it was cleared; a
 * late mail about what has long been repaired does not.
 */
async function upsert(db: Db, rows: readonly FailedJob[]): Promise<void> {
  const isNews = sql`(excluded.attempt > ${failedJobs.attempt} or excluded.failed_at > ${failedJobs.clearedAt})`;
  await db
    .insert(failedJobs)
    .values([...rows])
    .onConflictDoUpdate({
      target: [failedJobs.server, failedJobs.job, failedJobs.recipient, failedJobs.package],
      set: {
        attempt: sql`greatest(${failedJobs.attempt}, excluded.attempt)`,
        failedAt: sql`greatest(${failedJobs.failedAt}, excluded.failed_at)`,
        cause: sql`case when excluded.attempt >= ${failedJobs.attempt} then excluded.cause else ${failedJobs.cause} end`,
        knownFrom: sql`case when excluded.known_from = ${failedJobs.knownFrom} then ${failedJobs.knownFrom} else 'both' end`,
        clearedAt: sql`case when ${isNews} then null else ${failedJobs.clearedAt} end`,
      },
    });
}
