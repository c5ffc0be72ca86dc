import type { Db } from './database.ts';
import type { StoreTime } from './store-time.ts';

type Maker = (db: Db, time: StoreTime) => object;
type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/**
 * The queries of many makers as one object. A transaction could use any of a hundred and mostly uses a few: to make all of
 * them took longer than to run these. So each maker's are made when the first of them is asked for.
 */
export function joinQueries<Makers extends readonly Maker[]>(
  makers: Makers,
  anyDb: Db,
  time: StoreTime,
): (db: Db) => AllOf<ReturnType<Makers[number]>> {
  const makerOf = new Map(
    makers.flatMap((make) => Object.keys(make(anyDb, time)).map((name) => [name, make])),
  );
  return (db) => {
    const made = new Map<Maker, object>();
    const queriesOf = (make: Maker): object => {
      const queries = made.get(make) ?? make(db, time);
      made.set(make, queries);
      return queries;
    };
    return new Proxy(Object.create(null), {
      get(own, name) {
        const make = typeof name === 'string' ? makerOf.get(name) : undefined;
        return Reflect.get(make ? queriesOf(make) : own, name);
      },
    });
  };
}
