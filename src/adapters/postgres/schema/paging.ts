import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { PageEnd, PageState } from '../../../domain/store/paging.ts';
import { id, moment } from './columns.ts';
import { tickets } from './tickets.ts';

/** Escalations, one for each time that a ticket is to be answered by somebody. */
export const pages = pgTable(
  'pages',
  {
    id: text('id').primaryKey(),
    ticketId: bigint('ticket_id', { mode: 'number' })
      .notNull()
      .references(() => tickets.id),
    policy: text('policy').notNull(),
    state: text('state').$type<PageState>().notNull(),
    round: integer('round').notNull(),
    step: integer('step').notNull(),
    dueAt: moment('due_at').notNull(),
    reason: text('reason').notNull(),
    startedAt: moment('started_at').notNull(),
    endedAt: moment('ended_at'),
    end: jsonb('page_end').$type<PageEnd>(),
  },
  (t) => [
    // A ticket has one escalation at a time: the database itself refuses a second one.
    uniqueIndex('pages_one_open').on(t.ticketId).where(sql`${t.state} <> 'ended'`),
    index('pages_due').on(t.dueAt).where(sql`${t.state} = 'running'`),
  ],
);

/** Who was told, once for each step. */
export const pageNotices = pgTable(
  'page_notices',
  {
    id: text('id').primaryKey(),
    pageId: text('page_id')
      .notNull()
      .references(() => pages.id),
    round: integer('round').notNull(),
    step: integer('step').notNull(),
    recipient: text('recipient').notNull(),
    at: moment('at').notNull(),
    deliveryId: text('delivery_id').notNull(),
  },
  (t) => [uniqueIndex('page_notices_once').on(t.pageId, t.round, t.step, t.recipient)],
);

/** Devices (and failures of them) about which nobody is paged. */
export const pagingSwitches = pgTable(
  'paging_switches',
  {
    id: id(),
    device: text('device').notNull(),
    failure: text('failure'),
    until: moment('off_until'),
    by: text('switched_by').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [uniqueIndex('paging_switches_one').on(t.device, sql`coalesce(${t.failure}, '')`)],
);
