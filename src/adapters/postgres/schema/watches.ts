import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** What may come back: recipients and servers of failed jobs, and broken links. */
export const watches = pgTable(
  'watches',
  {
    target: text('target').primaryKey(),
    link: boolean('link').notNull().default(false),
    watchedSince: moment('watched_since').notNull(),
    downSince: moment('down_since'),
    upSince: moment('up_since'),
    relapses: integer('relapses').notNull().default(0),
    lookAt: moment('look_at').notNull(),
  },
  (t) => [index('watches_due').on(t.lookAt)],
);

/** Redistributions that could be begun because something is back. */
export const recoveryOffers = pgTable(
  'recovery_offers',
  {
    id: text('id').primaryKey(),
    server: text('server').notNull(),
    devices: jsonb('devices').$type<readonly string[]>().notNull(),
    recipients: jsonb('recipients').$type<readonly string[]>(),
    from: moment('failed_from').notNull(),
    channel: text('channel').notNull(),
    createdAt: moment('created_at').notNull(),
    takenBy: jsonb('taken_by').$type<{ teamId: string; userId: string }>(),
    takenAt: moment('taken_at'),
  },
  // A server has one offer at a time: what comes back next is added to it.
  (t) => [uniqueIndex('recovery_offers_open').on(t.server).where(sql`${t.takenAt} is null`)],
);
