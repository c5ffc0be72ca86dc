import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { openPglite, openPostgres } from '../../src/adapters/postgres/database.ts';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a file of tests asks for databases; see `databases.ts`. */
    databasesUrl: string;
    /** Whether this is `npm run test:full`; see `databases.ts`. */
    isLongRun: boolean;
  }
}

type Make = () => Promise<string>;

/**
 * Runs once for all files of tests. Initialising and migrating a database takes seconds, copying it does not: here the
 * originals are made, each when the first file asks for a copy. What nobody asks for costs nothing.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'restage-run-'));
  const postgres = once(startPostgres);
  const migrated = once(() => migratePostgres(postgres));
  const embedded = once(() => migratePglite(path.join(folder, 'template')));
  let copies = 0;
  const makers: Readonly<Record<string, Make>> = {
    '/postgres': async () => (await postgres()).createDatabase(await migrated()),
    '/postgres/blank': async () => (await postgres()).createDatabase(),
    '/pglite': async () => {
      copies += 1;
      const copy = path.join(folder, String(copies));
      await cp(await embedded(), copy, { recursive: true });
      return copy;
    },
  };
  const server = await serve(makers);
  project.provide('databasesUrl', server.url);
  return async () => {
    await server.close();
    if (postgres.isMade()) await (await postgres()).stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function migratePostgres(server: typeof startPostgres): Promise<string> {
  const url = await (await server()).createDatabase();
  await (await openPostgres(url)).close();
  return url;
}

async function migratePglite(folder: string): Promise<string> {
  await (await openPglite(folder)).close();
  return folder;
}

function once<T>(make: () => Promise<T>): (() => Promise<T>) & { isMade(): boolean } {
  let made: Promise<T> | null = null;
  return Object.assign(() => (made ??= make()), { isMade: () => made !== null });
}

/** Answers each path with what its maker makes. */
async function serve(
  makers: Readonly<Record<string, Make>>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(({ url = '' }, response) => {
    // A connection that is kept may be closed just when the next question goes out.
    response.shouldKeepAlive = false;
    const make = makers[url] ?? (() => Promise.reject(new Error(`nothing at ${url}`)));
    make().then(
      (answer) => response.end(answer),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
