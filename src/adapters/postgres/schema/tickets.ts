import { sql } from 'drizzle-orm';
import {
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Diagnosis } from '../../../domain/diagnosis.ts';
import type { Flapping } from '../../../domain/flapping.ts';
import type { EvidenceKind } from '../../../domain/evidence.ts';
import type { SymptomState } from '../../../domain/symptom.ts';
import type {
  AfterOutage,
  TicketQueue,
  TicketState,
  Told,
  ToldElsewhere,
  VerifiedLocation,
} from '../../../domain/ticket.ts';
import { id, moment } from './columns.ts';

export const tickets = pgTable(
  'tickets',
  {
    id: id(),
    counter: text('counter').notNull(),
    failure: text('failure').notNull(),
    subject: text('subject').notNull(),
    /** The device that outage, diagnosis and location look at. */
    device: text('device').notNull(),
    state: text('state').$type<TicketState>().notNull(),
    reason: text('reason').notNull(),
    region: text('region'),
    alertCount: integer('alert_count').notNull(),
    firstAt: moment('first_at').notNull(),
    lastAt: moment('last_at').notNull(),
    announced: text('announced').notNull(),
    saidBuilding: text('said_building'),
    saidRoom: text('said_room'),
    saidAddress: text('said_address'),
    diagnosis: jsonb('diagnosis').$type<Diagnosis>(),
    location: jsonb('location').$type<VerifiedLocation>(),
    channel: text('channel'),
    acknowledgedBy: text('acknowledged_by'),
    acknowledgedAt: moment('acknowledged_at'),
    repairedBy: text('repaired_by'),
    repairedAt: moment('repaired_at'),
    looks: integer('looks').notNull().default(0),
    /** A held ticket is examined again from this time on. */
    lookAt: moment('look_at'),
    openedAt: moment('opened_at'),
    assignedTo: text('assigned_to'),
    snoozedUntil: moment('snoozed_until'),
    resolvedBy: text('resolved_by'),
    resolvedAt: moment('resolved_at'),
    reopenedAt: moment('reopened_at'),
    queue: jsonb('queue').$type<TicketQueue>(),
    postAt: moment('post_at'),
    combinedInto: bigint('combined_into', { mode: 'number' }),
    checkAt: moment('check_at'),
    told: jsonb('told').$type<Told>(),
    afterOutage: jsonb('after_outage').$type<AfterOutage>(),
    /** Where its alerts begin: the earliest window that meets its threshold. null: there is no limit. */
    countsFrom: moment('counts_from'),
    /** The last alert of that window, of a ticket about more than a device. */
    metAt: moment('met_at'),
    /** The other regions in whose channels a line stands about it, and whether that line says that it is over. */
    elsewhere: jsonb('elsewhere').$type<ToldElsewhere>(),
    joinedInto: bigint('joined_into', { mode: 'number' }),
    /** The server that its device is directly behind, where that may turn out to be the cause. */
    upstream: text('upstream'),
    flapping: jsonb('flapping').$type<Flapping>(),
  },
  (t) => [
    // One problem has one live ticket: the database itself refuses a second one.
    uniqueIndex('tickets_one_live')
      .on(t.counter)
      .where(sql`${t.state} in ('candidate', 'held', 'open', 'acknowledged', 'repaired')`),
    index('tickets_state').on(t.state),
    index('tickets_counter').on(t.counter),
    index('tickets_opened').on(t.openedAt).where(sql`${t.openedAt} is not null`),
    index('tickets_resolved').on(t.resolvedAt).where(sql`${t.resolvedAt} is not null`),
    index('tickets_combined').on(t.combinedInto).where(sql`${t.combinedInto} is not null`),
    index('tickets_digest').on(t.channel, t.postAt).where(sql`${t.postAt} is not null`),
  ],
);

/** What the alerts of a ticket name, counted: packages, jobs, servers, devices. */
export const ticketFacts = pgTable(
  'ticket_facts',
  {
    ticketId: bigint('ticket_id', { mode: 'number' })
      .notNull()
      .references(() => tickets.id),
    kind: text('kind').$type<'package' | 'job' | 'server' | 'device'>().notNull(),
    name: text('name').notNull(),
    alertCount: integer('alert_count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.ticketId, t.kind, t.name] })],
);

/** The symptoms of a ticket as they were when it was last judged. */
export const ticketSymptoms = pgTable(
  'ticket_symptoms',
  {
    ticketId: bigint('ticket_id', { mode: 'number' })
      .notNull()
      .references(() => tickets.id),
    /** The symptom in one string. */
    key: text('key').notNull(),
    device: text('device').notNull(),
    recipient: text('recipient'),
    failure: text('failure').notNull(),
    package: text('package'),
    job: text('job'),
    service: text('service'),
    series: text('series'),
    firstAt: moment('first_at').notNull(),
    lastAt: moment('last_at').notNull(),
    longestGapMs: doublePrecision('longest_gap_ms').notNull(),
    occurrences: integer('occurrences').notNull(),
    state: text('state').$type<SymptomState>().notNull(),
    /** What shows that it is over, when, and from where; null while it fails. */
    evidence: text('evidence').$type<EvidenceKind>(),
    evidenceAt: moment('evidence_at'),
    evidenceOrigin: text('evidence_origin'),
  },
  (t) => [primaryKey({ columns: [t.ticketId, t.key] })],
);
