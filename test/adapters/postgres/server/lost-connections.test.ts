import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgres } from '../../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../../src/adapters/postgres/db.ts';
import { createPostgresUrl } from '../../../support/databases.ts';

let url: string;
let admin: postgres.Sql;
let database: Database;

beforeAll(async () => {
  url = await createPostgresUrl();
  admin = postgres(url, { max: 1, onnotice: () => {} });
  await admin`create table words (word text)`;
  database = await openPostgres(url);
});

afterAll(async () => {
  await database.close();
  await admin.end();
});

const words = async () => (await admin`select word from words order by word`).map(({ word }) => word);

it('work whose connection is lost writes nothing, is told at once, and disturbs nobody when it goes on', async () => {
  let goOn: () => void = () => {};
  const waits = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let pid: unknown;
  const said: unknown[] = [];
  const lost = database
    .transaction(async ({ executeSql }) => {
      await executeSql('insert into words values ($1)', ['lost']);
      pid = (await executeSql('select pg_backend_pid() as pid')).rows[0]?.['pid'];
      await waits;
      await executeSql('insert into words values ($1)', ['late']).catch((error: unknown) => said.push(error));
    })
    .catch((error: unknown) => error);
  await expect.poll(() => pid).toBeDefined();
  await admin`select pg_terminate_backend(${pid as number})`;
  expect(await lost).toMatchObject({ code: 'CONNECTION_CLOSED' });
  await database.transaction(async ({ executeSql }) => {
    await executeSql('insert into words values ($1)', ['first']);
    goOn();
    await expect.poll(() => said).toHaveLength(1);
    await executeSql('insert into words values ($1)', ['second']);
  });
  expect(await words()).toEqual(['first', 'second']);
});

it('a statement that comes after the end of its transaction is refused, and goes into no other one', async () => {
  let late: () => Promise<unknown> = () => Promise.resolve();
  const failed = database.transaction(async ({ executeSql }) => {
    late = () => executeSql('insert into words values ($1)', ['late']);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  await expect(late()).rejects.toThrow('over');
});

it('a transaction in which a statement failed is not committed, though its work went on', async () => {
  const failing = database.transaction(async ({ executeSql }) => {
    await executeSql('insert into words values ($1)', ['undone']);
    await executeSql('nonsense').catch(() => {});
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await words()).not.toContain('undone');
});

it('a snapshot sees one state of the database, and changes nothing', async () => {
  const countIn = async ({ executeSql }: Parameters<Parameters<Database['transaction']>[0]>[0]) =>
    (await executeSql('select count(*)::int as n from words')).rows[0]?.['n'];
  await database
    .transaction(async (session) => {
      const before = await countIn(session);
      await admin`insert into words values ('meanwhile')`;
      expect(await countIn(session)).toBe(before);
      await expect(session.executeSql("insert into words values ('by it')")).rejects.toMatchObject({
        code: '25006',
      });
    }, 'snapshot')
    .catch((error: unknown) => expect(String(error)).toContain('rolled back'));
});
