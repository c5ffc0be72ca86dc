import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** Drizzle over either driver; the queries are the same. */
export type Db = PgDatabase<PgQueryResultHKT>;

export interface SqlResult {
  readonly rows: readonly Record<string, unknown>[];
}

/** Runs plain SQL; without values the text may hold several statements. */
export type ExecuteSql = (text: string, values?: unknown[]) => Promise<SqlResult>;

export interface DatabaseSession {
  readonly db: Db;
  readonly executeSql: ExecuteSql;
}

/** `snapshot`: sees one state of the database, changes nothing, locks nothing, and may take long. */
export type TransactionKind = 'ordinary' | 'snapshot';

export interface Database {
  readonly description: string;
  /** Makes statements for this database, and can send none. */
  readonly blank: Db;
  readonly executeSql: ExecuteSql;
  /** Commits when `work` resolves, rolls back when it rejects. Rejects as soon as the connection is lost. */
  transaction<T>(work: (session: DatabaseSession) => Promise<T>, kind?: TransactionKind): Promise<T>;
  /** How long a thread that holds the database has owed an answer, in ms; `null` if it owes none. Absent without a thread. */
  silentMs?(): number | null;
  close(): Promise<void>;
}
