import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { GateResult } from '../../../domain/gate.ts';
import type { MailState } from '../../../domain/mail.ts';
import { bytes, id, moment } from './columns.ts';

/** Every mail that ever came in, with its end state: the truth behind `restage audit`. */
export const mails = pgTable(
  'mails',
  {
    id: id(),
    /** Message-ID or digest: the second delivery of a mail finds it here. */
    key: text('key').notNull().unique(),
    via: text('via').notNull(),
    receivedAt: moment('received_at').notNull(),
    fromAddress: text('from_address'),
    subject: text('subject').notNull(),
    state: text('state').$type<MailState>().notNull(),
    format: text('format'),
    /** The gate that decided, and its reason. */
    gate: text('gate').notNull(),
    reason: text('reason').notNull(),
    gates: jsonb('gates').$type<readonly GateResult[]>().notNull(),
    alertCount: integer('alert_count').notNull(),
    source: bytes('source').notNull(),
  },
  (t) => [index('mails_state').on(t.state, t.receivedAt)],
);

export const cursors = pgTable('cursors', {
  mailbox: text('mailbox').primaryKey(),
  uidValidity: bigint('uid_validity', { mode: 'bigint' }).notNull(),
  lastUid: bigint('last_uid', { mode: 'number' }).notNull(),
});
