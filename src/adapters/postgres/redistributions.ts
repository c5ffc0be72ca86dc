import { and, asc, eq, gte, inArray, max, sql } from 'drizzle-orm';
import type {
  CommandRecord,
  CommandTx,
  LedgerTx,
  RedistributionRecord,
  RedistributionTx,
} from '../../domain/store/redistributions.ts';
import { bulkInsert, rowsOf } from './bulk-insert.ts';
import { endCommands } from './end-commands.ts';
import type { Db } from './database.ts';
import { commands, ledger, redistributions } from './schema/redistributions.ts';

/** Any number, as long as nothing else in the database uses it. */
const redistributionLock = 7_364_003;

export function redistributionQueries(db: Db): RedistributionTx {
  return {
    async lockRedistributions() {
      await db.execute(sql`select pg_advisory_xact_lock(${redistributionLock})`);
    },

    async addRedistribution({ period, ...rest }) {
      await db.insert(redistributions).values({
        ...rest,
        from: period.from,
        until: period.until,
        periodText: period.text,
      });
    },

    async redistribution(id) {
      const [row] = await db.select().from(redistributions).where(eq(redistributions.id, id)).for('update');
      return row ? toRecord(row) : null;
    },

    async redistributionsOf(server, states) {
      const rows = await db
        .select()
        .from(redistributions)
        .where(
          and(
            server === null ? undefined : eq(redistributions.server, server),
            inArray(redistributions.state, [...states]),
          ),
        )
        .orderBy(asc(redistributions.requestedAt));
      return rows.map(toRecord);
    },

    async changeRedistribution(id, from, change) {
      const changed = await db
        .update(redistributions)
        .set(change)
        .where(and(eq(redistributions.id, id), inArray(redistributions.state, [...from])))
        .returning({ id: redistributions.id });
      return changed.length === 1;
    },

    ...commandQueries(db),
    ...ledgerQueries(db),
  };
}

function commandQueries(db: Db): CommandTx {
  return {
    async addCommands(records) {
      if (records.length > 0) await db.insert(commands).values([...records]);
    },

    commandsOf: (redistributionId) =>
      db
        .select()
        .from(commands)
        .where(eq(commands.redistributionId, redistributionId))
        .orderBy(asc(commands.ordinal)),

    async command(id) {
      const [row] = await db.select().from(commands).where(eq(commands.id, id));
      return row ?? null;
    },

    async endedCommands(server, since) {
      const rows = await db
        .select({ command: commands })
        .from(commands)
        .innerJoin(redistributions, eq(commands.redistributionId, redistributions.id))
        .where(
          and(
            eq(redistributions.server, server),
            gte(commands.startedAt, since),
            inArray(commands.state, ['succeeded', 'failed', 'unknown']),
          ),
        )
        .orderBy(asc(commands.startedAt), asc(commands.id));
      return rows.map(({ command }) => command);
    },

    commandStates: (redistributionId) =>
      db
        .select({ id: commands.id, state: commands.state })
        .from(commands)
        .where(eq(commands.redistributionId, redistributionId))
        .orderBy(asc(commands.ordinal)),

    endCommands: (ends) => endCommands(db, ends),

    async changeCommand(id, from, change) {
      const changed = await db
        .update(commands)
        .set(change)
        .where(and(eq(commands.id, id), eq(commands.state, from)))
        .returning({ id: commands.id });
      return changed.length === 1;
    },

    reviseCommands: (records) => reviseCommands(db, records),

    async changeCommands(ids, from, change) {
      if (ids.length === 0) return [];
      const changed = await db
        .update(commands)
        .set(change)
        .where(and(inArray(commands.id, [...ids]), inArray(commands.state, [...from])))
        .returning({ id: commands.id });
      return changed.map(({ id }) => id);
    },
  };
}

/** One statement, however many they are. */
async function reviseCommands(db: Db, records: readonly CommandRecord[]): Promise<void> {
  const revised = records.map(({ id, command, selected, rebuilt, changedBy, changedAt }) => ({
    id,
    command,
    selected,
    rebuilt,
    changed_by: changedBy,
    changed_at: changedAt,
  }));
  await db.execute(sql`update commands
    set command = row.command, selected = row.selected, rebuilt = row.rebuilt,
      changed_by = row.changed_by, changed_at = row.changed_at
    from jsonb_to_recordset(${JSON.stringify(revised)}::text::jsonb) as row(id text, command jsonb, selected boolean,
      rebuilt jsonb, changed_by jsonb, changed_at timestamptz)
    where commands.id = row.id and commands.state = 'planned'`);
}

function ledgerQueries(db: Db): LedgerTx {
  return {
    async enterAttempts(records) {
      const entries = records.flatMap(attemptsOf);
      if (entries.length === 0) return null;
      const answer = await db.execute(sql`${bulkInsert(ledger, entries)}
        on conflict do nothing returning command_id as id`);
      const left = new Map(records.map((record) => [record.id, attemptsOf(record).length]));
      for (const { id } of rowsOf<{ id: string }>(answer)) left.set(id, (left.get(id) ?? 0) - 1);
      return records.find(({ id }) => left.get(id) !== 0) ?? null;
    },

    async lastAttempt(server, job) {
      const [row] = await db
        .select({ attempt: max(ledger.attempt) })
        .from(ledger)
        .where(and(eq(ledger.server, server), eq(ledger.job, job)));
      return row?.attempt ?? 0;
    },
  };
}

function attemptsOf({ id, command }: CommandRecord) {
  return command.recipients.flatMap((recipient) =>
    command.packages.map((name) => ({
      server: command.server,
      job: command.job,
      recipient,
      package: name,
      attempt: command.attempt,
      commandId: id,
      state: 'approved' as const,
    })),
  );
}

function toRecord(row: typeof redistributions.$inferSelect): RedistributionRecord {
  const { from, until, periodText, ...rest } = row;
  return { ...rest, period: { from, until, text: periodText } };
}
