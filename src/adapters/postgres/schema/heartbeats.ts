import { sql } from 'drizzle-orm';
import { integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { IncidentReason } from '../../../domain/heartbeat.ts';
import { id, moment } from './columns.ts';

/** How each intake is doing, by whatever bot saw it last: `imap:NAME`, `smtp`, `http:SOURCE`. */
export const heartbeats = pgTable('heartbeats', {
  intake: text('intake').primaryKey(),
  watchedSince: moment('watched_since').notNull(),
  lastMailAt: moment('last_mail_at'),
  /** From receipt to commit, at the last batch. */
  lagMs: integer('lag_ms'),
  lastConnectedAt: moment('last_connected_at'),
});

/** An intake's failures, each told once in Slack. */
export const incidents = pgTable(
  'incidents',
  {
    id: id(),
    intake: text('intake').notNull(),
    reason: text('reason').$type<IncidentReason>().notNull(),
    detail: text('detail'),
    since: moment('since').notNull(),
    openedAt: moment('opened_at').notNull(),
    recoveredAt: moment('recovered_at'),
  },
  // Two bots may see the same failure: the database itself refuses a second report.
  (t) => [uniqueIndex('incidents_one_open').on(t.intake).where(sql`${t.recoveredAt} is null`)],
);

/** Probe mails on their way. */
export const probes = pgTable('probes', {
  token: text('token').primaryKey(),
  sentAt: moment('sent_at').notNull(),
  returnedAt: moment('returned_at'),
});
