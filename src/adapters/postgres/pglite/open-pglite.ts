import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { Database, SqlResult } from '../db.ts';
import { lockFolder } from '../folder-lock.ts';
import { openClient, type PgliteClient, type PgliteSession } from './client.ts';
import { closeFolder } from './private-folder.ts';

/** A snapshot sees one state of the database, and changes nothing. */
const snapshot = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;

/**
 * Opens the embedded database in a folder, which it keeps from other users and locks against every other process.
 * `tellOpen` hears of the permissions of a folder that was open to others, such as 0o755.
 * @throws RestageError `data-folder-locked`
 */
export async function openPgliteFolder(
  dataDir: string,
  migrationsFolder: string,
  tellOpen: (mode: number) => void,
): Promise<Database> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dataDir);
  try {
    const openMode = await closeFolder(dataDir);
    if (openMode !== null) tellOpen(openMode);
    const client = await openClient(path.join(dataDir, 'pgdata'));
    const db = drizzle(asPglite(client));
    await migrate(db, { migrationsFolder }).catch(async (error: unknown) => {
      await client.close();
      throw error;
    });
    return {
      description: `PGlite in ${dataDir}`,
      blank: drizzle.mock(),
      executeSql: (text, values) => execute(client, text, values),
      transaction: (work, kind) =>
        db.transaction(
          (tx) => {
            const inner = clientOf(tx);
            return work({ db: tx, executeSql: (text, values) => execute(inner, text, values) });
          },
          kind === 'snapshot' ? snapshot : undefined,
        ),
      silentMs: () => client.silentMs(),
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
    throw error;
  }
}

/** Drizzle names the class, but uses no more of it than there is. */
function asPglite(client: PgliteClient): PGlite {
  return client as unknown as PGlite;
}

async function execute(client: PgliteSession, text: string, values?: unknown[]): Promise<SqlResult> {
  if (values) return { rows: (await client.query<Record<string, unknown>>(text, values)).rows };
  const results = await client.exec(text);
  return { rows: results.at(-1)?.rows ?? [] };
}

/** Drizzle keeps a transaction's own session to itself; the queue needs it to enqueue atomically. */
function clientOf(tx: object): PgliteSession {
  return (tx as { session: { client: PgliteSession } }).session.client;
}
