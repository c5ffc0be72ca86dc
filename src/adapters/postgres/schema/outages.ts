import { sql } from 'drizzle-orm';
import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { TargetKind } from '../../../domain/outage.ts';
import { id, moment } from './columns.ts';

export const outages = pgTable(
  'outages',
  {
    id: id(),
    targetKind: text('target_kind').$type<TargetKind>().notNull().default('device'),
    /** The target's name; outages of older versions were for devices only. */
    targetName: text('device').notNull(),
    from: moment('starts_at').notNull(),
    until: moment('ends_at').notNull(),
    reason: text('reason').notNull(),
    /** A person as TEAM/USER, or the source. */
    createdBy: text('created_by').notNull(),
    /** The source that announced it, and what it calls it; null: a person. */
    source: text('source'),
    uid: text('uid'),
    endedBy: text('ended_by'),
    /** Decided in one transaction with what becomes of the alerts: nothing waits for its end since then. */
    endedHandledAt: moment('ended_handled_at'),
  },
  (t) => [
    uniqueIndex('outages_of_source').on(t.source, t.uid).where(sql`${t.source} is not null`),
    index('outages_until').on(t.until),
    index('outages_to_end').on(t.until).where(sql`${t.endedHandledAt} is null`),
  ],
);
