import postgres from 'postgres';
import { RestageError } from '../../domain/errors.ts';

const connectTimeoutSeconds = 10;
const statementTimeoutMs = 60_000;

/**
 * The rows of a query, on a connection of its own that can only read. Rejects with `source-unreadable`, without the
 * URL, for it holds a password.
 */
export async function queryRows(url: string, query: string): Promise<readonly object[]> {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: connectTimeoutSeconds,
    onnotice: () => {},
    connection: { statement_timeout: statementTimeoutMs },
  });
  try {
    return [...(await sql.begin('read only', (tx) => tx.unsafe<Record<string, unknown>[]>(query)))];
  } catch (error) {
    const detail = error instanceof Error && error.message !== '' ? error.message : 'no connection';
    const message = `The inventory's query failed: ${detail}. Check inventory.sql and RESTAGE_INVENTORY_DATABASE_URL.`;
    throw new RestageError('source-unreadable', message, { cause: error });
  } finally {
    await sql.end({ timeout: 1 });
  }
}
