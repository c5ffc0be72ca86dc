import type { Log } from '../../domain/log.ts';
import type { Database } from './db.ts';
import { classifyFailure } from './failures.ts';

/** Returns the database, and logs once when it is away, and once when it is back: not each statement that fails. */
export function logAbsence(database: Database, log: Log): Database {
  let isAway = false;
  let hasClosed = false;

  async function watch<T>(work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      if (isAway) log.info({}, 'database is back');
      isAway = false;
      return result;
    } catch (error) {
      if (!isAway && !hasClosed && classifyFailure(error) === 'away') {
        isAway = true;
        log.warn({ error: describe(error) }, 'database can not be reached, or takes nothing now');
      }
      throw error;
    }
  }

  return {
    ...database,
    executeSql: (text, values) => watch(database.executeSql(text, values)),
    transaction: (work, kind) => watch(database.transaction(work, kind)),
    close() {
      hasClosed = true;
      return database.close();
    },
  };
}

/** What the driver or PostgreSQL says is more than our own words for it. */
function describe(error: unknown): string {
  return String(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
