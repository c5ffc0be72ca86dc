import type postgres from 'postgres';
import { override } from './override.ts';

/**
 * The same client, whose transactions end with their connection. By itself postgres.js tells only whoever waits for the
 * transaction that its connection is lost: what the work inside sends afterwards, even its `commit` or `rollback`, goes
 * over the next connection, into whatever transaction is under way there. Here work that goes on is told as well when it
 * sends a statement, and never gets as far as to end the transaction.
 */
export function withEndingTransactions(client: postgres.Sql): postgres.Sql {
  const begin = (work: (tx: postgres.TransactionSql) => unknown) =>
    new Promise((resolve, reject) => {
      let hasEnded = false;
      const run = async (tx: postgres.TransactionSql) => {
        try {
          return await work(override(tx, { unsafe: whileOpen(tx, () => !hasEnded) }));
        } catch (error) {
          // The statement that was under way hears of the loss first.
          if (isLoss(error)) end(() => reject(error));
          throw error;
        } finally {
          if (hasEnded) await new Promise<never>(() => {});
        }
      };
      const end = (settle: () => void) => {
        hasEnded = true;
        settle();
      };
      client.begin(run).then(
        (result) => end(() => resolve(result)),
        (error: unknown) => end(() => reject(error)),
      );
    });
  return override(client, { begin });
}

/** What the driver rejects a statement with whose connection is lost, or the server before it closes it; Drizzle wraps both. */
function isLoss(error: unknown): boolean {
  const fault = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(fault instanceof Error)) return false;
  const { query, syscall, code, severity } = fault as Error & Readonly<Record<string, unknown>>;
  const isOfConnection = syscall !== undefined || String(code).startsWith('CONNECTION_');
  return severity === 'FATAL' || (query !== undefined && isOfConnection);
}

function whileOpen(tx: postgres.TransactionSql, isOpen: () => boolean): postgres.Sql['unsafe'] {
  return (text, values, options) => {
    if (isOpen()) return tx.unsafe(text, values, options);
    throw Object.assign(new Error('the transaction has ended'), { code: 'CONNECTION_CLOSED' });
  };
}
