import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { openPglite, openPostgres } from '../../src/adapters/postgres/database.ts';
import { lend } from './lent-database.ts';

type Tests = (open: () => Promise<Database>, itOnce: typeof it) => void;

/**
 * Runs the same tests on a real PostgreSQL server and on PGlite; each call of `open` is an empty database. Both run the
 * same statements: a test that brings no statement of its own, and so can't fail on one of them alone, is an `itOnce`
 * and runs on PostgreSQL.
 */
export function describeStatements(name: string, tests: Tests): void {
  describe(`${name}, on PostgreSQL`, () => {
    tests(onPostgres(), it);
  });
  describe(`${name}, on PGlite`, () => {
    tests(onPglite(), itElsewhere);
  });
}

/** As `describeStatements`, but on PGlite in the long run alone: embedded, a database takes seconds of the processor. */
export function describeOnBothDatabases(name: string, tests: Tests): void {
  const isEmbedded = inject('isLongRun');
  describe(`${name}, on ${isEmbedded ? 'PGlite' : 'PostgreSQL'}`, () => {
    tests(isEmbedded ? onPglite() : onPostgres(), isEmbedded ? itElsewhere : it);
  });
}

const nothing = () => {};
/** As `it`, but there is no such test here. */
const itElsewhere = Object.assign(nothing, {
  each: () => nothing,
  for: () => nothing,
}) as unknown as typeof it;

/** Empty databases on the run's PostgreSQL server, for the tests of one `describe`. */
function onPostgres(): () => Promise<Database> {
  return lendOut(async () => openPostgres(await createPostgresUrl()));
}

/** Empty embedded databases, for the tests of one `describe`. */
export function onPglite(): () => Promise<Database> {
  return lendOut(async () => {
    const folder = await copyPgliteFolder();
    const database = await openPglite(folder);
    const close = () => database.close().finally(() => rmSync(folder, { recursive: true, force: true }));
    return { ...database, close };
  });
}

/** Opens few databases for many tests: one that is closed is emptied and lent out again. */
function lendOut(create: () => Promise<Database>): () => Promise<Database> {
  const opened: Database[] = [];
  const free: Database[] = [];
  // The first one may take long, since the original is made for it.
  beforeAll(async () => {
    const first = await create();
    opened.push(first);
    free.push(first);
  });
  afterAll(async () => {
    for (const database of opened) await database.close();
  });
  return async () => {
    const reused = free.pop();
    const database = reused ?? (await create());
    if (!reused) opened.push(database);
    return lend(database, () => free.push(database));
  };
}

/**
 * Runs the same tests on PostgreSQL, and in the long run on PGlite too. Each call of `createUrl` resolves with the URL of
 * an empty database, `null` for the embedded one.
 */
export function describeWithEachDatabaseUrl(
  name: string,
  tests: (createUrl: () => Promise<string | null>, isEmbedded: boolean) => void,
): void {
  describe(`${name}, on PostgreSQL`, () => {
    tests(createPostgresUrl, false);
  });
  if (!inject('isLongRun')) return;
  describe(`${name}, on PGlite`, () => {
    tests(() => Promise.resolve(null), true);
  });
}

/** URL of an empty database that is migrated. */
export const createPostgresUrl = (): Promise<string> => ask('/postgres');

/** URL of a database without any schema, as a site's administrator makes it. */
export const createBlankPostgresUrl = (): Promise<string> => ask('/postgres/blank');

/** Folder of an empty embedded database that is migrated; removed at the end of the run. */
export const copyPgliteFolder = (): Promise<string> => ask('/pglite');

/** Asks the run's own server; see `templates.ts`. */
async function ask(path: string): Promise<string> {
  const response = await fetch(`${inject('databasesUrl')}${path}`);
  const answer = await response.text();
  if (!response.ok) throw new Error(`no database: ${answer}`);
  return answer;
}
