import { inArray, sql } from 'drizzle-orm';
import type { CommandState } from '../../domain/redistribution.ts';
import { storableText } from '../../domain/storable.ts';
import type { CommandEnd } from '../../domain/store/redistributions.ts';
import { rowsOf } from './bulk-rows.ts';
import type { Db } from './database.ts';
import { commands } from './schema/redistributions.ts';

/** Two statements, however many commands have ended together. */
export async function endCommands(
  db: Db,
  ends: readonly CommandEnd[],
  from: readonly CommandState[],
): Promise<readonly string[]> {
  if (ends.length === 0) return [];
  const changed = await db.execute(sql`
    update commands set state = e.state, exit_code = e."exitCode", output = e.output, results = e.results,
      note = e.note, ended_at = e."endedAt"
    from json_to_recordset(${toJson(ends)}::text::json) as e(id text, state text, "exitCode" integer, output text,
      results jsonb, note text, "endedAt" timestamptz)
    where commands.id = e.id and ${inArray(commands.state, [...from])} returning commands.id`);
  const ids = new Set(rowsOf<{ id: string }>(changed).map(({ id }) => id));
  await endAttempts(
    db,
    ends.filter(({ id }) => ids.has(id)),
  );
  return [...ids];
}

/** A command that did not begin ends the attempts of all its recipients. */
async function endAttempts(db: Db, ends: readonly CommandEnd[]): Promise<void> {
  const attempts = ends.flatMap(({ id, state, results }): readonly Attempt[] =>
    state === 'skipped'
      ? [{ id, recipient: null, state }]
      : results.map(({ name, result }) => ({ id, recipient: name, state: result })),
  );
  if (attempts.length === 0) return;
  await db.execute(sql`
    update ledger set state = e.state
    from json_to_recordset(${toJson(attempts)}::text::json) as e(id text, recipient text, state text)
    where ledger.command_id = e.id and (e.recipient is null or ledger.recipient = e.recipient)`);
}

interface Attempt {
  readonly id: string;
  readonly recipient: string | null;
  readonly state: string;
}

function toJson(rows: readonly object[]): string {
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  );
}
