import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { commands, redistributions } from './redistributions.ts';

export const dryRuns = pgTable(
  'dry_runs',
  {
    id: text('id').primaryKey(),
    redistributionId: text('redistribution_id')
      .notNull()
      .references(() => redistributions.id),
    commandId: text('command_id')
      .notNull()
      .references(() => commands.id),
    argv: jsonb('argv').$type<readonly string[]>().notNull(),
    /** Where its server keeps its run. */
    runFolder: text('run_folder'),
    requestedBy: jsonb('requested_by').$type<{ teamId: string; userId: string }>().notNull(),
    approvedBy: jsonb('approved_by')
      .$type<readonly { teamId: string; userId: string }[]>()
      .notNull()
      .default([]),
    requestedAt: moment('requested_at').notNull(),
    output: text('output').notNull().default(''),
    exitCode: integer('exit_code'),
    note: text('note'),
    endedAt: moment('ended_at'),
    /** What was kept of it on its server has been removed. */
    pruned: boolean('pruned').notNull().default(false),
  },
  (t) => [index('dry_runs_redistribution').on(t.redistributionId, t.endedAt)],
);
