import { bigint, boolean, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import type { ThresholdRule } from '../../../domain/policy.ts';
import { id, moment } from './columns.ts';

/** The rules that were set in Slack, whatever became of them. */
export const thresholdOverrides = pgTable(
  'threshold_overrides',
  {
    id: id(),
    /** Names the alerts that the rule is for. */
    key: text('key').notNull(),
    rule: jsonb('rule').$type<Omit<ThresholdRule, 'id'>>().notNull(),
    setBy: text('set_by').notNull(),
    setAt: moment('set_at').notNull(),
    replacedBy: bigint('replaced_by', { mode: 'number' }),
    undoneBy: text('undone_by'),
    undoneAt: moment('undone_at'),
  },
  (t) => [
    uniqueIndex('threshold_overrides_in_force')
      .on(t.key)
      .where(sql`${t.replacedBy} is null and ${t.undoneAt} is null`),
  ],
);

/** One row: raised by each change, so that every bot sees that there was one. */
export const thresholdVersion = pgTable('threshold_version', {
  only: boolean('only').primaryKey().default(true),
  version: integer('version').notNull(),
});
