import postgres from 'postgres';
import { expect, it } from 'vitest';
import { openPostgres } from '../../../src/adapters/postgres/database.ts';
import { createPostgresUrl } from '../../support/databases.ts';

it('finishes what is under way when it is closed, and connects to nothing any more', async () => {
  const url = await createPostgresUrl();
  const watcher = postgres(url, { max: 1 });
  const database = await openPostgres(url);
  const slow = database.executeSql('select pg_sleep($1), 1 as one', [0.3]);
  const since = performance.now();
  await database.close();

  // Without waiting for anything else that a driver might have in hand.
  expect(performance.now() - since).toBeLessThan(3_000);
  await expect(slow).resolves.toMatchObject({ rows: [{ one: 1 }] });
  const late = { code: 'database-unavailable' };
  await expect(database.executeSql('select $1::int', [1])).rejects.toMatchObject(late);
  await expect(database.transaction(async () => {})).rejects.toMatchObject(late);
  const others = () => watcher`
    select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  await expect.poll(others, { timeout: 3_000 }).toHaveLength(0);
  await watcher.end();
});
