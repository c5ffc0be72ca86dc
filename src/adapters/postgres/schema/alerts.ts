import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AlertState } from '../../../domain/alert.ts';
import { id, moment } from './columns.ts';
import { outages } from './outages.ts';
import { tickets } from './tickets.ts';

export const alerts = pgTable(
  'alerts',
  {
    id: id(),
    // Not declared a foreign key: alerts come in their mail's transaction, and mails are never deleted. Looking each up
    // again would take as long as all else that is done to insert them.
    mailId: bigint('mail_id', { mode: 'number' }).notNull(),
    ordinal: integer('ordinal').notNull(),
    alertId: text('alert_id'),
    region: text('region'),
    device: text('device').notNull(),
    address: text('address'),
    recipient: text('recipient'),
    domain: text('domain'),
    package: text('package'),
    failure: text('failure').notNull(),
    announced: text('announced').notNull(),
    distributionServer: text('distribution_server'),
    job: text('job'),
    service: text('service'),
    series: text('series'),
    attempt: integer('attempt').notNull(),
    building: text('building'),
    room: text('room'),
    at: moment('at').notNull(),
    /** A digest of what repeats of the alert have in common; `null` if it is an occurrence of its own. */
    occurrence: text('occurrence'),
    /** When its sender last said that it lasts, without a new alert; `null` if it never did. */
    seenAt: moment('seen_at'),
    counter: text('counter').notNull(),
    ruleId: text('rule_id').notNull(),
    state: text('state').$type<AlertState>().notNull(),
    reason: text('reason').notNull(),
    ticketId: bigint('ticket_id', { mode: 'number' }).references(() => tickets.id),
    /** The outage that took the alert out of the totals, and the device that was out. */
    outageId: bigint('outage_id', { mode: 'number' }).references(() => outages.id),
    outageDevice: text('outage_device'),
    /** The device and its place as the inventory says; where it says nothing, as the mail does. */
    deviceName: text('device_name').notNull(),
    inRegion: text('in_region'),
    inBuilding: text('in_building'),
    /** The server whose failure would explain the alert because the alert is about it. */
    ownRoot: text('own_root'),
    /** The server whose failure would explain the alert because the device is behind it. */
    upstreamRoot: text('upstream_root'),
  },
  (t) => [
    uniqueIndex('alerts_of_mail').on(t.mailId, t.ordinal),
    // Counting reads nothing but this index: a ticket's alerts leave it.
    index('alerts_counted').on(t.counter, t.at).where(sql`${t.state} = 'counted'`),
    index('alerts_ticket').on(t.ticketId, t.state).where(sql`${t.ticketId} is not null`),
    index('alerts_outage').on(t.outageId, t.outageDevice).where(sql`${t.outageId} is not null`),
    index('alerts_upstream_root')
      .on(t.upstreamRoot, t.at, t.deviceName)
      .where(sql`${t.upstreamRoot} is not null and ${t.state} in ('counted', 'held', 'ticketed')`),
    index('alerts_occurrence').on(t.occurrence).where(sql`${t.occurrence} is not null`),
    index('alerts_own_root').on(t.ownRoot, t.at).where(sql`${t.ownRoot} is not null`),
    // Alerts come in nearly in the order of their time: a small index that costs next to nothing finds a report's period.
    index('alerts_at').using('brin', t.at),
    // The running totals of a device (A7). Those of larger parts of the network read too much for an index to pay.
    index('alerts_device').on(t.deviceName, t.failure),
  ],
);

/** What alerts add to beside `counter`: a row for each wider scope that a rule counts. */
export const alertScopes = pgTable(
  'alert_scopes',
  {
    mailId: bigint('mail_id', { mode: 'number' }).notNull(),
    ordinal: integer('ordinal').notNull(),
    /** As `alerts.counter`: `package|region:eu`. */
    counter: text('counter').notNull(),
    ruleId: text('rule_id').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.mailId, t.ordinal, t.counter] }),
    index('alert_scopes_counted').on(t.counter, t.at),
  ],
);
