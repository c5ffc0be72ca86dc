import { and, asc, count, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { CommandTally, RecipientResult } from '../../domain/redistribution.ts';
import type { CommandRecord, CommandTx, NewCommand } from '../../domain/store/redistributions.ts';
import { toStorableJson } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { endCommands } from './end-commands.ts';
import { commands, redistributions } from './schema/redistributions.ts';
import { isUpAt } from './store-time.ts';

export function commandQueries(db: Db): CommandTx {
  return {
    addCommands: (records) => addCommands(db, records),

    commandsOf: (redistributionId, page) =>
      db
        .select()
        .from(commands)
        .where(
          and(
            eq(commands.redistributionId, redistributionId),
            page && gte(commands.ordinal, page.from),
            page && lt(commands.ordinal, page.from + page.count),
          ),
        )
        .orderBy(asc(commands.ordinal)),

    tallyCommands: (redistributionId) => tallyCommands(db, redistributionId),

    async command(id) {
      const [row] = await db.select().from(commands).where(eq(commands.id, id));
      return row ?? null;
    },

    commandStates: (redistributionId) =>
      db
        .select({ id: commands.id, state: commands.state })
        .from(commands)
        .where(eq(commands.redistributionId, redistributionId))
        .orderBy(asc(commands.ordinal)),

    endCommands: (ends, from) => endCommands(db, ends, from),

    ...endedQueries(db),

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

type EndedQuery = 'endedCommands' | 'commandsToPrune' | 'notePruned' | 'redistributionsToLookAfter';

function endedQueries(db: Db): Pick<CommandTx, EndedQuery> {
  return {
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

    async commandsToPrune(server, endedBefore, limit) {
      return db
        .select({ id: commands.id, runFolder: commands.runFolder })
        .from(commands)
        .innerJoin(redistributions, eq(redistributions.id, commands.redistributionId))
        .where(
          and(
            eq(redistributions.server, server),
            inArray(commands.state, ['succeeded', 'failed']),
            eq(commands.pruned, false),
            lt(commands.endedAt, endedBefore),
          ),
        )
        .limit(limit);
    },

    async notePruned(ids) {
      await db
        .update(commands)
        .set({ pruned: true })
        .where(inArray(commands.id, [...ids]));
    },

    async redistributionsToLookAfter(now, longestMs) {
      const rows = await db
        .selectDistinct({ id: commands.redistributionId })
        .from(commands)
        .where(and(eq(commands.state, 'unknown'), isUpAt(commands.lookAt, now, longestMs)));
      return rows.map(({ id }) => id);
    },
  };
}

/** JSON has no newline of its own, so that a line is a command: read once, where JSON within JSON is read three times. */
async function addCommands(db: Db, records: readonly NewCommand[]): Promise<void> {
  if (records.length === 0) return;
  const keys = records.map(({ id, redistributionId, ordinal, command }) => [
    id,
    redistributionId,
    ordinal,
    command.recipients.length,
  ]);
  const lines = records.map(({ command }) => toStorableJson(command)).join('\n');
  await db.execute(sql`insert into commands (id, redistribution_id, ordinal, recipients, command, state)
    select key->>0, key->>1, (key->>2)::int, (key->>3)::int, line::json, 'planned'
    from rows from (json_array_elements(${JSON.stringify(keys)}::text::json), unnest(string_to_array(${lines}::text, E'\n')))
      as row(key, line)`);
}

async function tallyCommands(db: Db, redistributionId: string): Promise<readonly CommandTally[]> {
  const told = (result: RecipientResult['result']) => sql<number>`(
    select count(*) from jsonb_array_elements(${commands.results}) as one where one->>'result' = ${result})::int`;
  const alike = db
    .select({
      state: commands.state,
      recipients: commands.recipients,
      failedAgain: told('failed').as('failed_again'),
      unclear: told('unknown').as('unclear'),
      exitedBadly: sql<boolean>`coalesce(${commands.exitCode}, 0) <> 0`.as('exited_badly'),
    })
    .from(commands)
    .where(eq(commands.redistributionId, redistributionId))
    .as('alike');
  const { state, recipients, failedAgain, unclear, exitedBadly } = alike;
  return db
    .select({ state, recipients, failedAgain, unclear, exitedBadly, commands: count() })
    .from(alike)
    .groupBy(state, recipients, failedAgain, unclear, exitedBadly);
}

/** One statement, however many they are. */
async function reviseCommands(db: Db, records: readonly CommandRecord[]): Promise<void> {
  const revised = records.map(({ id, command, selected, rebuilt, changedBy, changedAt }) => ({
    id,
    command,
    recipients: command.recipients.length,
    selected,
    rebuilt,
    changed_by: changedBy,
    changed_at: changedAt,
  }));
  await db.execute(sql`update commands
    set command = row.command, recipients = row.recipients, selected = row.selected, rebuilt = row.rebuilt,
      changed_by = row.changed_by, changed_at = row.changed_at
    from json_to_recordset(${toStorableJson(revised)}::text::json) as row(id text, command json, recipients integer,
      selected boolean, rebuilt json, changed_by jsonb, changed_at timestamptz)
    where commands.id = row.id and commands.state = 'planned'`);
}
