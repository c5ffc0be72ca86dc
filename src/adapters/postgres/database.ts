import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js';
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { RestageError } from '../../domain/errors.ts';
import { createClosingGate } from './closing-gate.ts';
import { withEndingTransactions } from './ended-transactions.ts';
import { lockFolder } from './folder-lock.ts';
import { openClient, type PgliteClient, type PgliteSession } from './pglite/client.ts';
import { withPreparedStatements } from './prepared-statements.ts';

/** Drizzle over either driver; the queries are the same. */
export type Db = PgDatabase<PgQueryResultHKT>;

export interface SqlResult {
  readonly rows: readonly Record<string, unknown>[];
}

/** Runs plain SQL; without values the text may hold several statements. */
export type ExecuteSql = (text: string, values?: unknown[]) => Promise<SqlResult>;

export interface Session {
  readonly db: Db;
  readonly executeSql: ExecuteSql;
}

export interface Database extends Session {
  readonly description: string;
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Serialises migrations of several bots that start at once; any number will do. */
const migrationLock = 7_364_001;

/** Whatever is under way may take so long to finish. */
const closeWithinMs = 5_000;

const migrationsFolder = findMigrations();

/** Opens PostgreSQL by URL and brings its schema up to date, one bot at a time. */
export async function openPostgres(url: string): Promise<Database> {
  const { compression } = await migrateUnderLock(url).catch((error: unknown) => {
    throw unavailable('PostgreSQL', error);
  });
  const connection = {
    plan_cache_mode: 'force_custom_plan',
    ...(compression && { default_toast_compression: compression }),
  };
  const driver = postgres(url, { max: 8, connect_timeout: 10, connection, onnotice: () => {} });
  const client = withPreparedStatements(withEndingTransactions(driver));
  try {
    const [row] = await client<{ version: string }[]>`select current_setting('server_version') as version`;
    const db = drizzlePostgres(client);
    const gate = createClosingGate();
    return {
      description: `PostgreSQL ${row?.version ?? ''}`,
      db,
      executeSql: (text, values) => gate.pass(() => executeAlone(client, text, values)),
      transaction: (work) =>
        db.transaction((tx) => {
          const inner = clientOf<postgres.Sql>(tx);
          return work({ db: tx, executeSql: (text, values) => executePostgres(inner, text, values) });
        }),
      close: async () => {
        await gate.close(closeWithinMs);
        await client.end({ timeout: 5 });
      },
    };
  } catch (error) {
    await client.end({ timeout: 1 });
    throw unavailable('PostgreSQL', error);
  }
}

/** Opens the embedded database in a folder, which it locks against every other process. */
export async function openPglite(dataDir: string): Promise<Database> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dataDir);
  try {
    const client = await openClient(path.join(dataDir, 'pgdata'));
    const db = drizzlePglite(asPglite(client));
    await migratePglite(db, { migrationsFolder }).catch(async (error: unknown) => {
      await client.close();
      throw error;
    });
    return {
      description: `PGlite in ${dataDir}`,
      db,
      executeSql: (text, values) => executePglite(client, text, values),
      transaction: (work) =>
        db.transaction((tx) => {
          const inner = clientOf<PgliteSession>(tx);
          return work({ db: tx, executeSql: (text, values) => executePglite(inner, text, values) });
        }),
      close: async () => {
        try {
          await client.close();
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await lock.release();
    throw unavailable(`the embedded database in ${dataDir}`, error);
  }
}

interface Abilities {
  /** For long values: `lz4`, which takes a fraction of the time, where the server knows it. */
  readonly compression: 'lz4' | null;
}

async function migrateUnderLock(url: string): Promise<Abilities> {
  // One connection: the session-level lock and the migrations must share it.
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(${migrationLock})`;
    await migratePostgres(drizzlePostgres(client), { migrationsFolder });
    const [row] = await client`
      select from pg_settings where name = 'default_toast_compression' and 'lz4' = any(enumvals)`;
    return { compression: row ? 'lz4' : null };
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Several statements may open a transaction among them: they need a connection of their own. */
async function executeAlone(client: postgres.Sql, text: string, values?: unknown[]): Promise<SqlResult> {
  const reserved = await client.reserve();
  try {
    return await executePostgres(reserved, text, values);
  } catch (error) {
    // Whoever gets the connection next must not get what is left of that transaction.
    await reserved.unsafe('rollback').catch(() => {});
    throw error;
  } finally {
    reserved.release();
  }
}

async function executePostgres(client: postgres.Sql, text: string, values?: unknown[]): Promise<SqlResult> {
  const rows = values
    ? await client.unsafe(text, values.map(toParameter) as postgres.ParameterOrJSON<never>[])
    : await client.unsafe(text);
  return { rows: rows as unknown as SqlResult['rows'] };
}

/** Drizzle names the class, but uses no more of it than there is. */
function asPglite(client: PgliteClient): PGlite {
  return client as unknown as PGlite;
}

async function executePglite(client: PgliteSession, text: string, values?: unknown[]): Promise<SqlResult> {
  if (values) return { rows: (await client.query<Record<string, unknown>>(text, values)).rows };
  const results = await client.exec(text);
  return { rows: results.at(-1)?.rows ?? [] };
}

/** Drizzle switches the driver's own encoding of dates and JSON off, so that it is done here. */
function toParameter(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  const isPlainObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isPlainObject ? JSON.stringify(value) : (value ?? null);
}

/** Drizzle keeps a transaction's own connection to itself; the queue needs it to enqueue atomically. */
function clientOf<T>(tx: object): T {
  return (tx as { session: { client: T } }).session.client;
}

function unavailable(what: string, error: unknown): Error {
  if (error instanceof RestageError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new RestageError('database-unavailable', `Can't open ${what}: ${detail}`, { cause: error });
}

/** The generated SQL lies in `drizzle/` at the package's root, beside `src/` and `dist/`. */
function findMigrations(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'drizzle', 'meta')) && folder !== path.dirname(folder)) {
    folder = path.dirname(folder);
  }
  return path.join(folder, 'drizzle');
}
