import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import type postgres from 'postgres';
import type { Database, Db, SqlResult, TransactionKind } from '../db.ts';
import { describeFailure } from '../failures.ts';
import { retryConflicts } from '../retry-conflicts.ts';
import { endWhoeverStopped } from './end-stopped.ts';
import { beginSnapshot, limits, migrationSettings, settings } from './limits.ts';
import { choosePrepared } from './prepared-statements.ts';
import { createSessionPool } from './session-pool.ts';
import { openSession, type Session } from './session.ts';

/** Serialises migrations of several bots that start at once; any number will do. */
const migrationLock = 7_364_001;

const mostSessions = 8;
/** Whatever is under way may take so long to finish. */
const closeWithinMs = 5_000;

/** What Drizzle and we send statements by: a session, or what is left of a transaction's. */
type Client = Pick<Session, 'options' | 'unsafe'>;

/**
 * Opens PostgreSQL by URL and brings its schema up to date, one bot at a time.
 * @throws the driver's or the operating system's error if it can't be reached.
 */
export async function openPostgresServer(url: string, migrationsFolder: string): Promise<Database> {
  await migrateUnderLock(url, migrationsFolder);
  const isPrepared = choosePrepared();
  const pool = createSessionPool(() => openSession({ url, settings, isPrepared }), mostSessions);
  const version = await pool.use((session) =>
    session.unsafe("select current_setting('server_version') as version"),
  );
  return {
    description: `PostgreSQL ${version[0]?.['version'] ?? ''}`,
    blank: drizzle.mock(),
    executeSql: (text, values) =>
      retryConflicts(() => pool.use((session) => executeAlone(session, text, values))).catch(
        (error: unknown) => {
          throw describeFailure(error);
        },
      ),
    transaction: (work, kind = 'ordinary') => pool.use((session) => transact(session, work, kind)),
    close: () => pool.close(closeWithinMs),
  };
}

/** What is over sends nothing more: the session may be somebody else's by then. */
async function transact<T>(
  session: Session,
  work: Parameters<Database['transaction']>[0],
  kind: TransactionKind,
): Promise<T> {
  let isOver = false;
  const client: Client = {
    options: session.options,
    unsafe: (text, values) => {
      if (isOver) throw Object.assign(new Error('the transaction is over'), { code: 'CONNECTION_CLOSED' });
      return session.unsafe(text, values);
    },
  };
  if (kind === 'snapshot') session.waitAtMost(limits.silentSnapshotMs);
  await session.unsafe(kind === 'snapshot' ? beginSnapshot : 'begin');
  try {
    const result = await work({
      db: dbOver(client),
      executeSql: (text, values) => execute(client, text, values),
    });
    isOver = true;
    const { command } = await session.unsafe('commit');
    // PostgreSQL answers with a rollback, and no error, where a statement had failed.
    if (command !== 'COMMIT')
      throw new Error('the transaction was rolled back: one of its statements had failed');
    return result as T;
  } catch (error) {
    isOver = true;
    await rollback(session);
    await endWhoeverStopped(session, error);
    throw error;
  } finally {
    session.waitAtMost(limits.silentMs);
  }
}

/** Several statements may open a transaction among them: whoever gets the session next must not get what is left of it. */
async function executeAlone(session: Session, text: string, values?: unknown[]): Promise<SqlResult> {
  try {
    return await execute(session, text, values);
  } catch (error) {
    await rollback(session);
    await endWhoeverStopped(session, error);
    throw error;
  }
}

/** A session whose transaction can't be ended is ended itself. */
async function rollback(session: Session): Promise<void> {
  if (session.isLost()) return;
  await session.unsafe('rollback').catch((error: Error) => session.lose(error));
}

async function execute(client: Client, text: string, values?: unknown[]): Promise<SqlResult> {
  const rows = await client.unsafe(text, values?.map(toParameter));
  return { rows };
}

/** Drizzle switches the driver's own encoding of dates and JSON off, so that it is done here. */
function toParameter(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return toArrayLiteral(value);
  const isPlainObject = typeof value === 'object' && value !== null;
  return isPlainObject ? JSON.stringify(value) : (value ?? null);
}

/** As PostgreSQL writes arrays: `{"a","b",NULL}`. */
function toArrayLiteral(values: readonly unknown[]): string {
  const quote = (value: unknown) =>
    value === null || value === undefined
      ? 'NULL'
      : `"${String(toParameter(value)).replaceAll(/["\\]/g, '\\$&')}"`;
  return `{${values.map(quote).join(',')}}`;
}

/** Drizzle names the driver's client, but uses no more of it than there is. */
function dbOver(client: Client): Db {
  return drizzle(client as unknown as postgres.Sql);
}

async function migrateUnderLock(url: string, migrationsFolder: string): Promise<void> {
  // One session: the session-level lock and the migrations must share it.
  const session = await openSession({ url, settings: migrationSettings, isPrepared: () => false });
  session.waitAtMost(limits.silentMigrationMs);
  try {
    await session.unsafe('select pg_advisory_lock($1)', [migrationLock]);
    await migrate(drizzle(migratable(session)), { migrationsFolder });
  } finally {
    await session.end();
  }
}

/** Drizzle migrates in a transaction of its own. */
function migratable(session: Session): postgres.Sql {
  const begin = (work: (tx: Client) => Promise<unknown>) =>
    transact(session, () => work(session), 'ordinary');
  return { options: session.options, unsafe: session.unsafe, begin } as unknown as postgres.Sql;
}
