import type { ClearedJob, FailedJobTx } from '../../domain/store/failed-jobs.ts';
import { and, asc, eq, gte, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { FailedJob } from '../../domain/redistribution.ts';
import { harmlessOffsetMs } from '../../domain/server-clock.ts';
import { bulkInsert, rowsOf } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { failedJobs } from './schema/failed-jobs.ts';
import { serverClocks } from './schema/server-clocks.ts';

export function failedJobQueries(db: Db): FailedJobTx {
  return {
    async addFailedJobs(jobs) {
      const { knownFrom } = failedJobs;
      const either = sql`case when excluded.known_from = ${knownFrom} then ${knownFrom} else 'both' end`;
      await upsert(db, newestOf(jobs), either);
    },

    async reconcileFailedJobs(jobs) {
      await upsert(db, newestOf(jobs), sql`excluded.known_from`);
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

    async serversWithFailuresOf(job) {
      const rows = await db
        .selectDistinct({ server: failedJobs.server })
        .from(failedJobs)
        .where(and(or(eq(failedJobs.job, job), eq(failedJobs.toldAs, job)), isNull(failedJobs.clearedAt)));
      return rows.map((row) => row.server);
    },

    async clearFailedJobs(done, now) {
      const rows = done.flatMap(({ server, job, packages, recipients, attempt }) =>
        packages.flatMap((name) =>
          recipients.map((recipient) => ({ server, job, name, recipient, attempt })),
        ),
      );
      if (rows.length === 0) return [];
      const cleared = await db.execute(sql`
        with done as (select * from json_to_recordset(${JSON.stringify(rows)}::text::json) as d(server text, job text,
          name text, recipient text, attempt integer)),
        was_open as (select f.* from failed_jobs as f join done as d on f.server = d.server and f.job = d.job
          and f.recipient = d.recipient and f.package = d.name where f.cleared_at is null),
        cleared as (update failed_jobs set cleared_at = ${now.toISOString()}::timestamptz,
          attempt = greatest(failed_jobs.attempt, d.attempt)
        from done as d
        where failed_jobs.server = d.server and failed_jobs.job = d.job and failed_jobs.recipient = d.recipient
          and failed_jobs.package = d.name)
        select job, recipient, package, told_as as "toldAs" from was_open`);
      return rowsOf<ClearedJob>(cleared);
    },
  };
}

/** One statement must not touch a row twice: the newest word on each comes through. */
function newestOf(jobs: readonly FailedJob[]): readonly FailedJob[] {
  const newest = new Map<string, FailedJob>();
  for (const job of jobs) {
    const key = JSON.stringify([job.server, job.job, job.recipient, job.package]);
    const known = newest.get(key);
    if (!known || isLater(job, known)) newest.set(key, job);
  }
  return [...newest.values()];
}

/** By time; the attempts decide between failures of the same moment. */
function isLater(one: FailedJob, other: FailedJob): boolean {
  const ms = one.failedAt.getTime() - other.failedAt.getTime();
  return ms === 0 ? one.attempt >= other.attempt : ms > 0;
}

/**
 * A further attempt that failed opens a cleared row again, and so does a failure after it was cleared; a
 * late mail about what has long been repaired does not.
 */
async function upsert(db: Db, rows: readonly FailedJob[], knownFrom: SQL): Promise<void> {
  if (rows.length === 0) return;
  const { attempt, failedAt, cause, clearedAt } = failedJobs;
  const { measuredAt, offsetMs } = serverClocks;
  const behindMs = sql`(select -${offsetMs} from ${serverClocks} where ${serverClocks.server} = excluded.server
    order by ${measuredAt} desc limit 1)`;
  // The time is that of the server's clock, and it was cleared by ours.
  const failedBy = sql`excluded.failed_at + interval '1 millisecond'
    * (case when ${behindMs} > ${harmlessOffsetMs} then ${behindMs} else 0 end)`;
  const opens = sql`(case when ${clearedAt} is null then false
    else excluded.attempt > ${attempt} or ${failedBy} > ${clearedAt} end)`;
  const later = sql`(excluded.failed_at, excluded.attempt) >= (${failedAt}, ${attempt})`;
  const isNews = sql`(case when ${clearedAt} is null then ${later} else ${opens} end)`;
  await db.execute(sql`${bulkInsert(db, failedJobs, rows)}
    on conflict (server, job, recipient, package) do update set
      attempt = case when ${isNews} then excluded.attempt else ${attempt} end,
      failed_at = greatest(${failedAt}, excluded.failed_at),
      cause = case when ${isNews} then excluded.cause else ${cause} end,
      known_from = ${knownFrom},
      told_as = coalesce(excluded.told_as, ${failedJobs.toldAs}),
      dismissal_id = case when ${opens} then null else ${failedJobs.dismissalId} end,
      cleared_at = case when ${opens} then null else ${clearedAt} end`);
}
