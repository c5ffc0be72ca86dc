import { and, count, desc, eq, gte, isNull, max, min, or, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { FailedJob } from '../../domain/redistribution.ts';
import type { DismissalTx, FailureScope } from '../../domain/store/dismissals.ts';
import type { Db } from './database.ts';
import { dismissals, failedJobs } from './schema/failed-jobs.ts';

/** More are only counted. */
const recipientsNamed = 200;

export function dismissalQueries(db: Db): DismissalTx {
  return {
    listOpenFailures: (about, limit) => openFailures(db, about, limit),

    async dismissFailures(dismissal) {
      await db.insert(dismissals).values(dismissal);
      const { job, recipient, package: name, toldAs } = failedJobs;
      return db
        .update(failedJobs)
        .set({ clearedAt: dismissal.at, dismissalId: dismissal.id })
        .where(and(isNull(failedJobs.clearedAt), isIn(dismissal.scope)))
        .returning({ job, recipient, package: name, toldAs });
    },

    async undoDismissal(id) {
      const opened = await db
        .update(failedJobs)
        .set({ clearedAt: null, dismissalId: null })
        .where(eq(failedJobs.dismissalId, id))
        .returning({ job: failedJobs.job });
      await db.delete(dismissals).where(eq(dismissals.id, id));
      return opened.length;
    },

    dismissals: (since, limit) =>
      db.select().from(dismissals).where(gte(dismissals.at, since)).orderBy(desc(dismissals.at)).limit(limit),

    dismissedFailures: (server) =>
      db
        .select({
          server: failedJobs.server,
          job: failedJobs.job,
          recipient: failedJobs.recipient,
          package: failedJobs.package,
          failedAt: failedJobs.failedAt,
          by: dismissals.by,
          at: dismissals.at,
          reason: dismissals.reason,
        })
        .from(failedJobs)
        .innerJoin(dismissals, eq(dismissals.id, failedJobs.dismissalId))
        .where(eq(failedJobs.server, server)),
  };
}

async function openFailures(db: Db, about: string | null, limit: number) {
  const { server, job, package: name, recipient, toldAs, failedAt, cause, knownFrom, clearedAt } = failedJobs;
  const columns = [server, job, toldAs, recipient, name] as readonly AnyPgColumn[];
  const isAbout = (column: AnyPgColumn) => sql`lower(${column}) = lower(${about})`;
  const wanted = about === null ? undefined : or(...columns.map(isAbout));
  const rows = await db
    .select({
      server,
      job,
      package: name,
      count: count(),
      recipients: sql<
        string[]
      >`to_json((array_agg(${recipient} order by ${recipient}))[1:${sql.raw(String(recipientsNamed))}])`,
      since: min(failedAt),
      latest: max(failedAt),
      cause: sql<string>`min(${cause})`,
      knownFrom: sql<FailedJob['knownFrom'][]>`to_json(array_agg(distinct ${knownFrom}))`,
      total: sql<number>`(count(*) over ())::int`,
    })
    .from(failedJobs)
    .where(and(isNull(clearedAt), wanted))
    .groupBy(server, job, name)
    .orderBy(min(failedAt), server, job, name)
    .limit(limit);
  const total = rows[0]?.total ?? 0;
  const failures = rows.flatMap(({ since, latest, total: _total, ...rest }) =>
    since && latest ? [{ ...rest, since, latest }] : [],
  );
  return { total, failures };
}

function isIn({ server, job, package: name, recipient }: FailureScope) {
  return and(
    eq(failedJobs.server, server),
    eq(failedJobs.job, job),
    eq(failedJobs.package, name),
    recipient === null ? undefined : eq(failedJobs.recipient, recipient),
  );
}
