import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Database, openPglite, openPostgres } from '../adapters/postgres/database.ts';
import { hasPostgres, startPostgres } from '../bench/servers/postgres.ts';

/** Memory, where there is some to put files in: a month writes hundreds of thousands of times, and none of it is kept. */
const inMemory = '/dev/shm';
/** Nothing is to survive a crash. */
const settings = ['synchronous_commit=off', 'full_page_writes=off', 'jit=off'];

/**
 * Opens an empty database that is gone when it is closed: a PostgreSQL server of its own where that is installed, else the
 * embedded one, which takes several times as long. `url` names a server that runs already; its database is left as it is.
 */
export async function openMonthDatabase(url: string | null): Promise<Database> {
  if (url !== null) return openPostgres(url);
  const folder = mkdtempSync(path.join(existsSync(inMemory) ? inMemory : tmpdir(), 'restage-month-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (!hasPostgres()) return closingWith(await openPglite(path.join(folder, 'data')), remove);
  const server = await startPostgres({ dataDir: folder, settings });
  // A month that is interrupted leaves no server behind.
  const stopAtExit = () => {
    process.kill(server.pid, 'SIGQUIT');
    remove();
  };
  process.once('exit', stopAtExit);
  return closingWith(await openPostgres(await server.createDatabase()), () => {
    process.off('exit', stopAtExit);
    return server.stop();
  });
}

function closingWith(database: Database, after: () => void | Promise<void>): Database {
  const close = async () => {
    await database.close();
    await after();
  };
  return { ...database, close };
}
