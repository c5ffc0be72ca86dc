import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { openPglite, openPostgres } from '../../src/adapters/postgres/database.ts';
import type { PostgresServer } from './postgres.ts';
import { startPostgres } from './postgres.ts';

/** Runs the same tests on a real PostgreSQL server and on PGlite; each call of `open` is an empty database. */
export function describeOnBothDatabases(name: string, tests: (open: () => Promise<Database>) => void): void {
  describe(`${name}, on PostgreSQL`, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    tests(async () => openPostgres(await server.createDatabase()));
  });

  describe(`${name}, on PGlite`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'restage-pglite-'));
    const template = path.join(folder, 'template');
    let opened = 0;
    // Initialising takes seconds, copying does not.
    beforeAll(async () => (await openPglite(template)).close());
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    tests(() => {
      opened += 1;
      const copy = path.join(folder, String(opened));
      cpSync(template, copy, { recursive: true });
      return openPglite(copy);
    });
  });
}

/** Runs the same tests on both databases; each call answers the URL of an empty one, null for the embedded database. */
export function describeWithEachDatabaseUrl(
  name: string,
  tests: (createUrl: () => Promise<string | null>, isEmbedded: boolean) => void,
): void {
  describe(`${name}, on PostgreSQL`, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    tests(() => server.createDatabase(), false);
  });

  describe(`${name}, on PGlite`, () => {
    tests(() => Promise.resolve(null), true);
  });
}
