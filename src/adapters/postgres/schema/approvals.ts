import { sql } from 'drizzle-orm';
import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';
import { redistributions } from './redistributions.ts';

/** Who has approved what: nobody twice, as long as the first time counts. */
export const approvals = pgTable(
  'approvals',
  {
    id: id(),
    redistributionId: text('redistribution_id')
      .notNull()
      .references(() => redistributions.id),
    teamId: text('team_id').notNull(),
    userId: text('user_id').notNull(),
    at: moment('at').notNull(),
    /** Of the commands that were approved. */
    digest: text('digest').notNull(),
    /** Why it does not count any more. */
    voided: text('voided'),
  },
  (t) => [
    index('approvals_redistribution').on(t.redistributionId),
    uniqueIndex('approvals_once').on(t.redistributionId, t.userId).where(sql`voided is null`),
  ],
);
