import { pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** Reports that were asked for, or that a plan posted. */
export const reportRuns = pgTable(
  'report_runs',
  {
    id: text('id').primaryKey(),
    plan: text('plan'),
    slot: moment('slot'),
    region: text('region'),
    from: moment('period_from').notNull(),
    until: moment('period_until').notNull(),
    periodText: text('period_text').notNull(),
    timeZone: text('time_zone').notNull(),
    channel: text('channel').notNull(),
    createdAt: moment('created_at').notNull(),
    /** The chart's id as a file in Slack. */
    chartFile: text('chart_file'),
  },
  // A plan posts once for each slot, however many bots there are.
  (t) => [uniqueIndex('report_runs_slot').on(t.plan, t.slot)],
);
