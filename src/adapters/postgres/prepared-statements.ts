import type postgres from 'postgres';
import { override } from './override.ts';

type Client = postgres.Sql | postgres.TransactionSql;
type Unsafe = postgres.Sql['unsafe'];
type IsPrepared = (text: string, values?: readonly unknown[]) => boolean;

/**
 * How many different statements are prepared. The program has fewer; but those with lists in them come in as many forms
 * as the lists have lengths, and the server keeps every one.
 */
const mostStatements = 300;

/**
 * The same client, whose statements are prepared: one round trip each, where it takes two to have a statement described
 * first. They are planned anew each time, as the tables grow and a plan for any value would miss the partial indexes:
 * `plan_cache_mode` sees to that.
 */
export function withPreparedStatements(client: postgres.Sql): postgres.Sql {
  const prepared = new Set<string>();
  const isPrepared: IsPrepared = (text, values) => {
    // Without values a text is sent as it is, and may hold several statements.
    if (!values?.length) return false;
    if (prepared.size < mostStatements) prepared.add(text);
    return prepared.has(text);
  };
  return wrap(client, isPrepared);
}

function wrap<C extends Client>(client: C, isPrepared: IsPrepared): C {
  const unsafe: Unsafe = (text, values, options) =>
    client.unsafe(text, values, { ...options, prepare: isPrepared(text, values) });
  return override(client, {
    unsafe,
    ...('begin' in client && {
      begin: (work: (tx: postgres.TransactionSql) => unknown) =>
        client.begin((tx) => work(wrap(tx, isPrepared))),
      reserve: async () => wrap(await client.reserve(), isPrepared),
    }),
  });
}
