import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Person } from '../../../domain/chat.ts';
import type { FailureScope } from '../../../domain/store/dismissals.ts';
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
    /** By which of the dismissals it was cleared. */
    dismissalId: text('dismissal_id'),
  },
  (t) => [
    primaryKey({ columns: [t.server, t.job, t.recipient, t.package] }),
    index('failed_jobs_dismissed').on(t.dismissalId).where(sql`${t.dismissalId} is not null`),
    index('failed_jobs_open').on(t.server, t.failedAt).where(sql`${t.clearedAt} is null`),
  ],
);

/** Who said that nothing is to be done about failures, and why. */
export const dismissals = pgTable('dismissals', {
  id: text('id').primaryKey(),
  scope: jsonb('scope').$type<FailureScope>().notNull(),
  by: jsonb('by').$type<Person>().notNull(),
  at: moment('at').notNull(),
  reason: text('reason').notNull(),
});
