import { expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/db.ts';
import { logAbsence } from '../../../src/adapters/postgres/log-absence.ts';

/** A database that does as the test says, and all that was logged about it. */
function open() {
  const said: string[] = [];
  let failure: Error | null = null;
  const answer = async () => {
    if (failure) throw failure;
    return { rows: [] };
  };
  const database = { executeSql: answer, transaction: answer, close: async () => {} } as unknown as Database;
  const note = (_fields: object, message: string) => void said.push(message);
  const log = { debug: note, info: note, warn: note, error: note };
  return {
    database: logAbsence(database, log),
    said,
    fail: (code: string | null) => {
      failure = code === null ? null : Object.assign(new Error(code), { code });
    },
  };
}

const gone = 'database can not be reached, or takes nothing now';
const work = async () => {};

it('a database that is away is logged once when it goes and once when it is back', async () => {
  const { database, said, fail } = open();
  await database.executeSql('select 1');
  expect(said).toEqual([]);
  fail('ECONNREFUSED');
  for (let n = 0; n < 20; n += 1) {
    await expect(database.executeSql('select 1')).rejects.toThrow('ECONNREFUSED');
    await expect(database.transaction(work)).rejects.toThrow('ECONNREFUSED');
  }
  expect(said).toEqual([gone]);
  fail(null);
  await database.transaction(work);
  await database.executeSql('select 1');
  expect(said).toEqual([gone, 'database is back']);
  fail('57P01');
  await expect(database.transaction(work)).rejects.toThrow('57P01');
  expect(said).toEqual([gone, 'database is back', gone]);
});

it('a conflict, an error of a statement and the end of the bot are no absence of the database', async () => {
  const { database, said, fail } = open();
  for (const code of ['40P01', '23505']) {
    fail(code);
    await expect(database.executeSql('select 1')).rejects.toThrow(code);
  }
  await database.close();
  fail('CONNECTION_ENDED');
  await expect(database.executeSql('select 1')).rejects.toThrow('CONNECTION_ENDED');
  expect(said).toEqual([]);
});
