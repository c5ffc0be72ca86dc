import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openPglite } from '../../../../src/adapters/postgres/database.ts';
import { injectTime } from '../../../../src/adapters/postgres/store-time.ts';
import { createStore } from '../../../../src/adapters/postgres/store.ts';
import { copyPgliteFolder } from '../../../support/databases.ts';

/** As `npm run build` leaves it. */
const built = new URL('../../../../dist/adapters/postgres/database.js', import.meta.url).href;

let folder: string;
let database: Database;
/** The thread that was started last. */
let thread: Worker;
const noteThread = (worker: Worker) => {
  thread = worker;
};

beforeAll(async () => {
  process.on('worker', noteThread);
  folder = await copyPgliteFolder();
  database = await openPglite(folder);
});
beforeEach(() => database.executeSql('create table notes (n int primary key, note text)'));
afterEach(() => database.executeSql('drop table notes'));
afterAll(async () => {
  process.off('worker', noteThread);
  await database.close();
  rmSync(folder, { recursive: true });
});

async function notes(): Promise<unknown[]> {
  return (await database.executeSql('select n from notes order by n')).rows.map(({ n }) => n);
}

describe('the embedded database in its thread', () => {
  it('tells how long its oldest command has awaited an answer, and that none does', async () => {
    expect(database.silentMs?.()).toBeNull();
    const [oldest, next] = ['select 1', 'select 2'].map((text) => database.executeSql(text));
    // A command is sent to the thread once those before it are done.
    await Promise.resolve();
    await Promise.resolve();
    expect(database.silentMs?.()).toBeGreaterThanOrEqual(0);
    await Promise.all([oldest, next]);
    expect(database.silentMs?.()).toBeNull();
  });

  it('values come through it as they are', async () => {
    const long = `${'Köln 💾 '.repeat(4_000)}"`;
    const bytes = Buffer.from('xx\0\r\n\xffyy', 'latin1').subarray(2, 6);
    const { rows } = await database.executeSql(
      `select $1::text as long, $2::bytea as bytes, $3::timestamptz as moment, $4::bigint as small,
        9007199254740993 as large, $5::jsonb as object, $6::text[] as list, $7::text as nothing, true as yes`,
      [long, bytes, new Date('2026-11-23T12:00:00.123Z'), 42, { a: [1, null] }, [long, 'b'], undefined],
    );
    expect(rows).toEqual([
      {
        long,
        bytes: new Uint8Array([0, 13, 10, 255]),
        moment: '2026-11-23 12:00:00.123+00',
        small: 42,
        large: 9007199254740993n,
        object: { a: [1, null] },
        list: [long, 'b'],
        nothing: null,
        yes: true,
      },
    ]);
  });

  it('an error brings PostgreSQL’s code and names', async () => {
    await database.executeSql('insert into notes values (1)');
    const again = { code: '23505', constraint: 'notes_pkey', table: 'notes' };
    await expect(database.executeSql('insert into notes values ($1)', [1])).rejects.toMatchObject(again);
    const insert = database.transaction(({ db }) => db.execute(sql`insert into notes values (${1})`));
    await expect(insert).rejects.toMatchObject({ cause: again });
    await expect(database.executeSql('nonsense')).rejects.toMatchObject({ code: '42601' });
  });

  it('nobody else’s statement gets into a transaction, and none of its own comes after its end', async () => {
    let late: (() => Promise<unknown>) | undefined;
    const others: Promise<unknown>[] = [];
    const failed = database.transaction(async ({ executeSql }) => {
      late = () => executeSql('insert into notes values (3)');
      await executeSql('insert into notes values (1)');
      others.push(database.executeSql('insert into notes values (2)'));
      await executeSql('select 1');
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await Promise.all(others);
    await expect(late?.()).rejects.toThrow('the transaction is over');
    expect(await notes()).toEqual([2]);
  });

  it('a transaction says so when a failed statement kept it from being committed', async () => {
    const done = database.transaction(async ({ executeSql }) => {
      await executeSql('insert into notes values (1)');
      await executeSql('nonsense').catch(() => {});
    });
    await expect(done).rejects.toThrow('rolled back');
    expect(await notes()).toEqual([]);
  });

  it('when the thread dies all that waits is told that the database is away; the next statement finds a new one', async () => {
    const time = injectTime({ now: () => new Date() });
    const store = createStore(database, { enqueue: async () => {}, wake: () => {} }, time);
    await database.executeSql('insert into notes values (1)');
    const inTransaction = store.transaction(async (tx) => {
      await thread.terminate();
      await tx.sums();
    });
    await expect(inTransaction).rejects.toMatchObject({ code: 'database-unavailable' });
    const alone = database.executeSql('select count(*) from generate_series(1, 1000000000)');
    await once(process, 'worker');
    await once(thread, 'message');
    await thread.terminate();
    await expect(alone).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await notes()).toEqual([1]);
  });

  it('a process that closes it goes on afterwards', async () => {
    const other = await copyPgliteFolder();
    const code = `const { openPglite } = await import(${JSON.stringify(built)});
      const database = await openPglite(${JSON.stringify(other)});
      await database.close();
      process.exitCode = 7;`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  it('a process ends by itself when nothing is under way, and not before', async () => {
    const other = await copyPgliteFolder();
    const code = `const { openPglite } = await import(${JSON.stringify(built)});
      const database = await openPglite(${JSON.stringify(other)});
      void database.executeSql('create table kept as select generate_series(1, 20000) as n');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    const reopened = await openPglite(other);
    const { rows } = await reopened.executeSql('select count(*) as n from kept');
    await reopened.close();
    expect(rows).toEqual([{ n: 20_000 }]);
  });

  it('is closed when all is done that was asked before, and then takes nothing more', async () => {
    const other = await openPglite(await copyPgliteFolder());
    const ended = once(thread, 'exit');
    const asked = other.executeSql('select 1 as one');
    await other.close();
    expect((await asked).rows).toEqual([{ one: 1 }]);
    expect(await ended).toEqual([0]);
    await expect(other.executeSql('select 1')).rejects.toThrow('closed');
  });
});
