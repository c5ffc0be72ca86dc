import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';
import { mails } from './mails.ts';

/** Word from devices that something works again. */
export const recoveries = pgTable(
  'recoveries',
  {
    id: id(),
    mailId: bigint('mail_id', { mode: 'number' })
      .notNull()
      .references(() => mails.id),
    device: text('device').notNull(),
    failure: text('failure'),
    package: text('package'),
    job: text('job'),
    at: moment('at').notNull(),
    /** What came of it; null: nothing so far. */
    outcome: text('outcome'),
  },
  (t) => [index('recoveries_new').on(t.device, t.at).where(sql`${t.outcome} is null`)],
);
