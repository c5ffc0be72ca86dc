import type postgres from 'postgres';

/**
 * The same client, whose transactions end with their connection. By itself postgres.js tells only whoever waits for the
 * transaction that its connection is lost: what the work inside sends afterwards, even its `commit` or `rollback`, goes
 * over the next connection, into whatever transaction is under way there. Here work that goes on is told as well when it
 * sends a statement, and never gets as far as to end the transaction.
 */
export function withEndingTransactions(client: postgres.Sql): postgres.Sql {
  const begin = async (work: (tx: postgres.TransactionSql) => unknown): Promise<unknown> => {
    let hasEnded = false;
    const run = async (tx: postgres.TransactionSql) => {
      try {
        return await work(override(tx, { unsafe: whileOpen(tx, () => !hasEnded) }));
      } catch (error) {
        // A statement that was under way hears of the loss before whoever waits for the transaction.
        await endOfTick();
        throw error;
      } finally {
        if (hasEnded) await forever;
      }
    };
    try {
      return await client.begin(run);
    } finally {
      hasEnded = true;
    }
  };
  return override(client, { begin });
}

function whileOpen(tx: postgres.TransactionSql, isOpen: () => boolean): postgres.Sql['unsafe'] {
  return (text, values, options) => {
    if (isOpen()) return tx.unsafe(text, values, options);
    throw Object.assign(new Error('the transaction has ended'), { code: 'CONNECTION_CLOSED' });
  };
}

function override<Client extends object>(
  client: Client,
  overrides: Readonly<Record<string, unknown>>,
): Client {
  return new Proxy(client, {
    get: (target, key) =>
      Object.hasOwn(overrides, key) ? overrides[key as string] : Reflect.get(target, key),
  });
}

const forever = new Promise<never>(() => {});

function endOfTick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
