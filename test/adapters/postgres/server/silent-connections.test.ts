import { beforeAll, expect, it } from 'vitest';
import { openPostgres } from '../../../../src/adapters/postgres/database.ts';
import { limits, settings } from '../../../../src/adapters/postgres/server/limits.ts';
import { openSession } from '../../../../src/adapters/postgres/server/session.ts';
import { createPostgresUrl } from '../../../support/databases.ts';
import { startProxy } from '../../../support/proxy.ts';
import type { Owner } from '../../../support/surroundings.ts';

let url: string;

beforeAll(async () => {
  url = await createPostgresUrl();
});

async function open(test: Owner) {
  const proxy = await startProxy(Number(new URL(url).port));
  const database = await openPostgres(url.replace(/:\d+\//, `:${proxy.port}/`));
  test.onTestFinished(async () => {
    await database.close();
    await proxy.close();
  });
  return { proxy, database };
}

/** Twice as much as may go by until what is silent is replaced. */
const patience = 60_000;
const mostMs = 30_000;

it.concurrent('idle connections that have gone silent are replaced when they are needed, after at most 30 s', {
  timeout: patience,
}, async (test) => {
  const { proxy, database } = await open(test);
  await Promise.all(Array.from({ length: 8 }, () => database.executeSql('select pg_sleep(0.2)')));
  const before = proxy.connections();
  proxy.silence();
  await new Promise((resolve) => setTimeout(resolve, limits.idleMs));
  const answers = await Promise.all(Array.from({ length: 8 }, () => database.executeSql('select 1 as one')));
  expect(answers.map(({ rows }) => rows[0]?.['one'])).toEqual(Array(8).fill(1));
  expect(proxy.connections()).toBeGreaterThan(before);
  expect(limits.tryMs + limits.connectMs).toBeLessThan(mostMs);
});

it.concurrent('a transaction whose connection goes silent ends within 30 s, nothing of it is stored, and work goes on', {
  timeout: patience,
}, async (test) => {
  const { proxy, database } = await open(test);
  await database.executeSql('create table told (n int)');
  const since = performance.now();
  const cut = database.transaction(async ({ executeSql }) => {
    await executeSql('insert into told values (1)');
    proxy.silence();
    await executeSql('select 1');
  });
  await expect(cut).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(performance.now() - since).toBeGreaterThan(limits.silentMs - 1_000);
  expect(limits.silentMs).toBeLessThan(mostMs);
  expect((await database.executeSql('select n from told')).rows).toEqual([]);
});

it.concurrent('a session that is handed a lock after its client has gone holds nobody up for longer than 15 s', {
  timeout: patience,
}, async (test) => {
  const { proxy, database } = await open(test);
  const direct = () => openSession({ url, settings, isPrepared: () => false });
  const [holder, other] = await Promise.all([direct(), direct()]);
  test.onTestFinished(async () => {
    await holder.end();
    await other.end();
  });
  const lock = 'select pg_advisory_xact_lock(7)';
  await holder.unsafe(`begin; ${lock}`);
  const gone = database.transaction(({ executeSql }) => executeSql(lock)).catch(() => {});
  const waiting =
    "select from pg_stat_activity where query like '%pg_advisory_xact_lock(7)%' and wait_event = 'advisory'";
  await expect.poll(() => other.unsafe(waiting)).toHaveLength(1);
  proxy.silence();
  const since = performance.now();
  // As late as it can be: just before the server gives up waiting for it.
  await new Promise((resolve) => setTimeout(resolve, limits.lockMs - 500));
  const takeLock = (): Promise<unknown> =>
    other.unsafe(`begin; ${lock}; commit`).catch(() => other.unsafe('rollback').then(takeLock));
  const taken = takeLock();
  await holder.unsafe('commit');
  await taken;
  expect(performance.now() - since).toBeLessThan(15_000);
  await gone;
});
