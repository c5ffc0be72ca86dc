import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { GateResult } from '../../../domain/gate.ts';
import type { MailState, MediaType } from '../../../domain/mail.ts';
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
    /** null: dropped, as it is older than mail is kept. */
    source: bytes('source'),
    mediaType: text('media_type').$type<MediaType>().notNull().default('message/rfc822'),
    /** Who let it in although a gate had stopped it. */
    readmittedBy: text('readmitted_by'),
    readmittedAt: moment('readmitted_at'),
  },
  (t) => [
    index('mails_state').on(t.state, t.receivedAt),
    index('mails_kept').on(t.receivedAt).where(sql`${t.source} is not null`),
  ],
);

export const cursors = pgTable('cursors', {
  mailbox: text('mailbox').primaryKey(),
  uidValidity: bigint('uid_validity', { mode: 'bigint' }).notNull(),
  lastUid: bigint('last_uid', { mode: 'number' }).notNull(),
});
