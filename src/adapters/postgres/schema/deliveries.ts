import { sql } from 'drizzle-orm';
import { bigserial, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ChatFailure, ChatMessage } from '../../../domain/chat.ts';
import type { DeliveryKind, DeliveryState } from '../../../domain/store/deliveries.ts';
import { moment } from './columns.ts';

/** Messages that ought to be in Slack: what they are about, and how far Slack has been told. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    sequence: bigserial('sequence', { mode: 'number' }).notNull(),
    kind: text('kind').$type<DeliveryKind>().notNull(),
    /** Ticket, redistribution, command or page notice id; for a note the ticket or redistribution it belongs to. */
    subjectId: text('subject_id').notNull(),
    channel: text('channel').notNull(),
    /** Delivery whose thread this one belongs to. */
    parentId: text('parent_id'),
    /** Fixed text of a note; every other kind is rendered from the database when it is sent. */
    body: jsonb('body').$type<ChatMessage>(),
    state: text('state').$type<DeliveryState>().notNull(),
    /** Raised by each change; Slack has been told up to `sent`. */
    wanted: integer('wanted').notNull().default(1),
    sent: integer('sent').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    dueAt: moment('due_at').notNull(),
    /** Set while a call to Slack is under way. */
    claimedAt: moment('claimed_at'),
    /** Slack's times about calls whose outcome is unknown; see `Doubt`. */
    postSince: moment('post_since'),
    givenUpAt: moment('given_up_at'),
    /** When to look for what those calls did to a posted message. */
    lookAt: moment('look_at'),
    createdAt: moment('created_at').notNull(),
    /** Slack's ids, once it is posted. */
    postedChannel: text('posted_channel'),
    ts: text('ts'),
    lastError: text('last_error'),
    /** How the last call failed. */
    failure: text('failure').$type<ChatFailure>(),
  },
  (t) => [
    uniqueIndex('deliveries_subject').on(t.kind, t.subjectId).where(sql`${t.kind} <> 'note'`),
    index('deliveries_due')
      .on(t.channel, t.sequence)
      .where(sql`${t.state} in ('pending', 'claimed') or ${t.lookAt} is not null`),
    index('deliveries_given_up').on(t.channel).where(sql`${t.state} = 'failed'`),
    // Those that hold up later ones: few, and asked about for each that waits.
    index('deliveries_holding_up')
      .on(t.channel, t.sequence)
      .where(
        sql`${t.state} = 'pending' and ${t.ts} is null and ${t.lastError} is not null and ${t.attempts} < 2`,
      ),
  ],
);
