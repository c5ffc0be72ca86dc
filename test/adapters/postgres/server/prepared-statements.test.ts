import { afterAll, beforeAll, expect, it } from 'vitest';
import { settings } from '../../../../src/adapters/postgres/server/limits.ts';
import { choosePrepared } from '../../../../src/adapters/postgres/server/prepared-statements.ts';
import { openSession, type Session } from '../../../../src/adapters/postgres/server/session.ts';
import { startPostgres } from '../../../support/postgres.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
let session: Session;

beforeAll(async () => {
  server = await startPostgres();
  const url = await server.createDatabase();
  session = await openSession({ url, settings, isPrepared: choosePrepared() });
});

afterAll(async () => {
  await session.end();
  await server.stop();
});

/** Of those that add. */
async function countPrepared(): Promise<number> {
  const rows = await session.unsafe("select from pg_prepared_statements where statement like '% as sum'");
  return rows.length;
}

it('a statement is prepared once, however often it is sent', async () => {
  const text = 'select $1::int + 1 as sum';
  expect(await session.unsafe(text, [1])).toMatchObject([{ sum: 2 }]);
  const before = await countPrepared();
  expect(await session.unsafe(text, [3])).toMatchObject([{ sum: 4 }]);
  expect(before).toBe(1);
  expect(await countPrepared()).toBe(before);
});

it('of too many different statements the first 300 are prepared, and the others run all the same', async () => {
  for (let number = 0; number < 320; number += 1) {
    const sum = await session.unsafe(`select $1::int + ${number} as sum`, [1]);
    expect(sum).toMatchObject([{ sum: number + 1 }]);
  }
  // The statement that sets the settings is one of them.
  expect(await countPrepared()).toBe(299);
});
