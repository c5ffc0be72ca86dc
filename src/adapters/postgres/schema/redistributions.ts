import {
  boolean,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type {
  CommandState,
  FailedJob,
  Plan,
  RebuiltCommand,
  RecipientResult,
  RedistributionState,
  RunBinding,
  SupersededFailure,
} from '../../../domain/redistribution.ts';
import type { CanaryProgress } from '../../../domain/store/redistributions.ts';
import { moment } from './columns.ts';

export const redistributions = pgTable(
  'redistributions',
  {
    id: text('id').primaryKey(),
    server: text('server').notNull(),
    recipients: jsonb('recipients').$type<readonly string[]>(),
    job: text('job'),
    from: moment('period_from').notNull(),
    until: moment('period_until').notNull(),
    periodText: text('period_text').notNull(),
    timeZone: text('time_zone').notNull(),
    channel: text('channel').notNull(),
    requestedBy: jsonb('requested_by').$type<{ teamId: string; userId: string }>().notNull(),
    requestedAt: moment('requested_at').notNull(),
    state: text('state').$type<RedistributionState>().notNull(),
    /** What an approval is bound to. */
    digest: text('digest'),
    binding: jsonb('binding').$type<RunBinding>(),
    plan: jsonb('plan').$type<Plan>(),
    decidedBy: jsonb('decided_by').$type<{ teamId: string; userId: string }>(),
    decidedAt: moment('decided_at'),
    expiresAt: moment('expires_at'),
    unmatched: jsonb('unmatched').$type<readonly FailedJob[]>().notNull().default([]),
    superseded: jsonb('superseded').$type<readonly SupersededFailure[]>().notNull().default([]),
    unread: jsonb('unread').$type<readonly string[]>().notNull().default([]),
    warnings: jsonb('warnings').$type<readonly string[]>().notNull().default([]),
    note: text('note'),
    stoppedBy: jsonb('stopped_by').$type<{ teamId: string; userId: string }>(),
    canary: jsonb('canary').$type<CanaryProgress>(),
    unreachableSince: moment('unreachable_since'),
  },
  (t) => [index('redistributions_server').on(t.server, t.state)],
);

/** Which slots of a server's schedule have been taken, so that each is once. */
export const servicings = pgTable(
  'servicings',
  { server: text('server').notNull(), slot: moment('slot').notNull() },
  (t) => [primaryKey({ columns: [t.server, t.slot] })],
);

export const commands = pgTable(
  'commands',
  {
    /** Names the run on the server for ever. */
    id: text('id').primaryKey(),
    redistributionId: text('redistribution_id')
      .notNull()
      .references(() => redistributions.id),
    ordinal: integer('ordinal').notNull(),
    /** Nothing is looked for in it, and as plain JSON it is stored faster. */
    command: json('command').$type<RebuiltCommand>().notNull(),
    /** How many it is for. */
    recipients: integer('recipients').notNull(),
    /** Whether it is to run. */
    selected: boolean('selected').notNull().default(true),
    /** As it was rebuilt, where people changed it since. */
    rebuilt: json('rebuilt').$type<RebuiltCommand>(),
    changedBy: jsonb('changed_by')
      .$type<readonly { teamId: string; userId: string }[]>()
      .notNull()
      .default([]),
    changedAt: moment('changed_at'),
    state: text('state').$type<CommandState>().notNull(),
    exitCode: integer('exit_code'),
    /** The end of what it printed. */
    output: text('output').notNull().default(''),
    results: jsonb('results').$type<readonly RecipientResult[]>().notNull().default([]),
    note: text('note'),
    startedAt: moment('started_at'),
    endedAt: moment('ended_at'),
    seenOnServer: boolean('seen_on_server').notNull().default(false),
    /** Where its server keeps its run. */
    runFolder: text('run_folder'),
    lookAt: moment('look_at'),
    /** What was kept of it on its server has been removed. */
    pruned: boolean('pruned').notNull().default(false),
  },
  (t) => [uniqueIndex('commands_order').on(t.redistributionId, t.ordinal)],
);

/** Every attempt at every recipient and package: the key makes a second run of the same attempt impossible. */
export const ledger = pgTable(
  'ledger',
  {
    server: text('server').notNull(),
    job: text('job').notNull(),
    recipient: text('recipient').notNull(),
    package: text('package').notNull(),
    attempt: integer('attempt').notNull(),
    commandId: text('command_id')
      .notNull()
      .references(() => commands.id),
    state: text('state').$type<CommandState>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.server, t.job, t.recipient, t.package, t.attempt] }),
    index('ledger_command').on(t.commandId),
  ],
);
