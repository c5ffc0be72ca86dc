import { existsSync } from 'node:fs';
import path from 'node:path';
import { RestageError } from '../../domain/errors.ts';
import type { Log } from '../../domain/log.ts';
import type { Database } from './db.ts';
import { openPgliteFolder } from './pglite/open-pglite.ts';
import { openPostgresServer } from './server/open-postgres.ts';

export type { Database, Db, ExecuteSql, TransactionKind } from './db.ts';

const migrationsFolder = findMigrations();

/**
 * Opens PostgreSQL by URL and brings its schema up to date, one bot at a time.
 * @throws RestageError `database-unavailable`
 */
export async function openPostgres(url: string): Promise<Database> {
  return openPostgresServer(url, migrationsFolder).catch((error: unknown) => {
    throw unavailable('PostgreSQL', error);
  });
}

/**
 * Opens the embedded database in a folder, which it locks against every other process, and logs if the folder was open to
 * other users until now.
 * @throws RestageError `data-folder-locked`, or `database-unavailable`
 */
export async function openPglite(dataDir: string, log: Pick<Log, 'warn'> | null = null): Promise<Database> {
  const tellOpen = (mode: number) =>
    log?.warn(
      { folder: dataDir, mode: mode.toString(8).padStart(4, '0') },
      'data folder was open to other users of this machine; it is private now',
    );
  return openPgliteFolder(dataDir, migrationsFolder, tellOpen).catch((error: unknown) => {
    throw unavailable(`the embedded database in ${dataDir}`, error);
  });
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
