import type { Database } from '../../src/adapters/postgres/database.ts';

/** Sequences go on where a statement failed before it wrote: they are set back by themselves. */
const emptyEverything = `
  do $$
  declare written text;
  begin
    drop schema if exists pgboss cascade;
    select string_agg(oid::regclass::text, ', ') into written from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0;
    if written is not null then execute 'truncate ' || written || ' cascade'; end if;
    perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
      from pg_sequences where schemaname = 'public' and last_value is not null;
  end $$`;

/**
 * The database for one test. When the test closes it, what is under way is awaited, everything is deleted, and it is
 * given back; what still tries to use it then fails, as on one that is really closed.
 */
export function lend(database: Database, giveBack: () => void): Database {
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  const follow = async <T>(start: () => Promise<T>): Promise<T> => {
    if (isClosed) throw new Error('the database is closed');
    const work = start();
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  };
  return {
    description: database.description,
    blank: database.blank,
    executeSql: (text, values) => follow(() => database.executeSql(text, values)),
    transaction: (work, kind) => follow(() => database.transaction(work, kind)),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await Promise.allSettled(underWay);
      await database.executeSql(emptyEverything);
      giveBack();
    },
  };
}
