import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AlertState } from '../../../domain/alert.ts';
import { id, moment } from './columns.ts';
import { mails } from './mails.ts';
import { tickets } from './tickets.ts';

export const alerts = pgTable(
  'alerts',
  {
    id: id(),
    mailId: bigint('mail_id', { mode: 'number' })
      .notNull()
      .references(() => mails.id),
    ordinal: integer('ordinal').notNull(),
    alertId: text('alert_id'),
    region: text('region'),
    device: text('device').notNull(),
    recipient: text('recipient'),
    domain: text('domain'),
    package: text('package'),
    failure: text('failure').notNull(),
    announced: text('announced').notNull(),
    distributionServer: text('distribution_server'),
    job: text('job'),
    attempt: integer('attempt').notNull(),
    building: text('building'),
    room: text('room'),
    at: moment('at').notNull(),
    counter: text('counter').notNull(),
    ruleId: text('rule_id').notNull(),
    state: text('state').$type<AlertState>().notNull(),
    reason: text('reason').notNull(),
    ticketId: bigint('ticket_id', { mode: 'number' }).references(() => tickets.id),
  },
  (t) => [
    uniqueIndex('alerts_of_mail').on(t.mailId, t.ordinal),
    // Counting reads nothing but this index: a ticket's alerts leave it.
    index('alerts_counted').on(t.counter, t.at).where(sql`${t.state} = 'counted'`),
    index('alerts_ticket').on(t.ticketId, t.state),
  ],
);
