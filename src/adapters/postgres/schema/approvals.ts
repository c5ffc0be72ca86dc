import { sql } from 'drizzle-orm';
import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ApprovalKind } from '../../../domain/approval.ts';
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
    kind: text('kind').$type<ApprovalKind>().notNull().default('run'),
    /** Of the commands that were approved. */
    digest: text('digest').notNull(),
    /** Why it does not count any more. */
    voided: text('voided'),
    /** Why it counts in spite of a freeze. */
    exception: text('exception'),
  },
  (t) => [
    index('approvals_redistribution').on(t.redistributionId),
    uniqueIndex('approvals_once').on(t.redistributionId, t.kind, t.userId).where(sql`voided is null`),
  ],
);
