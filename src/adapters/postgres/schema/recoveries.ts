import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core';
import type { EvidenceKind } from '../../../domain/evidence.ts';
import { id, moment } from './columns.ts';
import { mails } from './mails.ts';
import { tickets } from './tickets.ts';

/** All that shows that something works again, or that nobody waits for it; rows of versions before 0.2 are words. */
export const recoveries = pgTable(
  'recoveries',
  {
    id: id(),
    kind: text('kind').$type<EvidenceKind>().notNull().default('word'),
    mailId: bigint('mail_id', { mode: 'number' }).references(() => mails.id),
    /** `null` if it is as the mail says. */
    origin: text('origin'),
    /** The only ticket that it is about. */
    ticketId: bigint('ticket_id', { mode: 'number' }).references(() => tickets.id),
    device: text('device'),
    recipient: text('recipient'),
    failure: text('failure'),
    package: text('package'),
    job: text('job'),
    service: text('service'),
    series: text('series'),
    at: moment('at').notNull(),
    /** What versions before 0.2 have made of it; where it is not null they leave it alone. */
    outcome: text('outcome'),
  },
  (t) => [
    index('recoveries_new').on(t.device, t.at).where(sql`${t.outcome} is null`),
    index('recoveries_device').on(t.device, t.at),
    index('recoveries_ticket').on(t.ticketId).where(sql`${t.ticketId} is not null`),
  ],
);
