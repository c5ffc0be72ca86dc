import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withPreparedStatements } from '../../../src/adapters/postgres/prepared-statements.ts';
import { startPostgres } from '../../support/postgres.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
let client: postgres.Sql;

beforeAll(async () => {
  server = await startPostgres();
  const url = await server.createDatabase();
  client = withPreparedStatements(postgres(url, { max: 1, fetch_types: false }));
});

afterAll(async () => {
  await client.end();
  await server.stop();
});

/** Of those that add. */
async function countPrepared(): Promise<number> {
  const rows = await client.unsafe("select from pg_prepared_statements where statement like '% as sum'");
  return rows.length;
}

it('prepares a statement once, in transactions and on reserved connections too', async () => {
  const text = 'select $1::int + 1 as sum';
  expect(await client.unsafe(text, [1])).toMatchObject([{ sum: 2 }]);
  const before = await countPrepared();
  await client.begin(async (tx) => expect(await tx.unsafe(text, [2])).toMatchObject([{ sum: 3 }]));
  const reserved = await client.reserve();
  expect(await reserved.unsafe(text, [3])).toMatchObject([{ sum: 4 }]);
  reserved.release();
  expect(before).toBe(1);
  expect(await countPrepared()).toBe(before);
});

it('leaves off where there are too many, and runs the others all the same', async () => {
  for (let number = 0; number < 320; number += 1) {
    expect(await client.unsafe(`select $1::int + ${number} as sum`, [1])).toMatchObject([
      { sum: number + 1 },
    ]);
  }
  expect(await countPrepared()).toBe(300);
});
