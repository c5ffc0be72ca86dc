import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { FailedJob } from '../../../domain/redistribution.ts';
import { moment } from './columns.ts';

/** The failed distribution files (B1): who did not get what, until it is cleared (B13). */
export const failedJobs = pgTable(
  'failed_jobs',
  {
    server: text('server').notNull(),
    job: text('job').notNull(),
    recipient: text('recipient').notNull(),
    package: text('package').notNull(),
    attempt: integer('attempt').notNull(),
    failedAt: moment('failed_at').notNull(),
    cause: text('cause').notNull(),
    knownFrom: text('known_from').$type<FailedJob['knownFrom']>().notNull(),
    /** The job's name in alerts, where the log has another one. */
    toldAs: text('told_as'),
    clearedAt: moment('cleared_at'),
  },
  (t) => [
    primaryKey({ columns: [t.server, t.job, t.recipient, t.package] }),
    index('failed_jobs_open').on(t.server, t.failedAt).where(sql`${t.clearedAt} is null`),
  ],
);
