import postgres from 'postgres';
import { RestageError } from '../../domain/errors.ts';
import type { RowSource } from '../../domain/row-source.ts';

const connectTimeoutSeconds = 10;
const statementTimeoutMs = 60_000;
/** `date`, `timestamp` and `timestamptz`: in whose zone a time is meant is for the reader to say. */
const timeTypes = [1082, 1114, 1184];

export interface Query {
  /** Holds a password: never shown. */
  readonly databaseUrl: () => string;
  readonly text: string;
  /** Where people find the query and its database: `inventory.sql and RESTAGE_INVENTORY_DATABASE_URL`. */
  readonly configuredIn: string;
}

/** Asks on a connection of its own each time, that can only read. */
export function queryRows({ databaseUrl, text, configuredIn }: Query): RowSource {
  return async () => {
    const sql = postgres(databaseUrl(), {
      max: 1,
      connect_timeout: connectTimeoutSeconds,
      onnotice: () => {},
      connection: { statement_timeout: statementTimeoutMs },
      types: {
        time: { to: 1184, from: timeTypes, serialize: String, parse: (written: string) => written },
      },
    });
    try {
      return [...(await sql.begin('read only', (tx) => tx.unsafe<Record<string, unknown>[]>(text)))];
    } catch (error) {
      const detail = error instanceof Error && error.message !== '' ? error.message : 'no connection';
      const message = `The query failed: ${detail}. Check ${configuredIn}.`;
      throw new RestageError('source-unreadable', message, { cause: error });
    } finally {
      await sql.end({ timeout: 1 });
    }
  };
}
