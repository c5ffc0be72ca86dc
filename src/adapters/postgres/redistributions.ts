import { and, asc, eq, inArray, max, sql } from 'drizzle-orm';
import type {
  CommandRecord,
  LedgerTx,
  RedistributionRecord,
  RedistributionTx,
} from '../../domain/store/redistributions.ts';
import { isAnyOf } from './any-of.ts';
import { bulkInsert, rowsOf } from './bulk-rows.ts';
import { commandQueries } from './commands.ts';
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

function ledgerQueries(db: Db): LedgerTx {
  return {
    async enterAttempts(records) {
      const entries = records.flatMap(attemptsOf);
      if (entries.length === 0) return null;
      const answer = await db.execute(sql`${bulkInsert(db, ledger, entries)}
        on conflict do nothing returning command_id as id`);
      const left = new Map(records.map((record) => [record.id, attemptsOf(record).length]));
      for (const { id } of rowsOf<{ id: string }>(answer)) left.set(id, (left.get(id) ?? 0) - 1);
      return records.find(({ id }) => left.get(id) !== 0) ?? null;
    },

    unknownAttempts: (server) =>
      db
        .selectDistinct({ job: ledger.job, recipient: ledger.recipient, at: commands.endedAt })
        .from(ledger)
        .innerJoin(commands, eq(commands.id, ledger.commandId))
        .where(and(eq(ledger.server, server), eq(ledger.state, 'unknown'))),

    async lastAttempts(server, jobs) {
      if (jobs.length === 0) return new Map();
      const rows = await db
        .select({ job: ledger.job, attempt: max(ledger.attempt) })
        .from(ledger)
        .where(and(eq(ledger.server, server), isAnyOf(ledger.job, jobs)))
        .groupBy(ledger.job);
      return new Map(rows.map(({ job, attempt }) => [job, attempt ?? 0]));
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
