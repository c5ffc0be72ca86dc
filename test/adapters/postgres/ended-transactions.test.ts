import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { withEndingTransactions } from '../../../src/adapters/postgres/ended-transactions.ts';
import { allDone } from '../../../src/domain/all-done.ts';
import { startPostgres } from '../../support/postgres.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
let admin: postgres.Sql;
let proxy: Awaited<ReturnType<typeof startProxy>>;
/** With one connection: whoever comes next gets the one that was lost. */
let client: postgres.Sql;

/** Passes bytes on, until it resets its connections. */
async function startProxy(target: number) {
  const sockets = new Set<Socket>();
  const listener = createServer((from) => {
    const to = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {}).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
      sockets.clear();
    },
    close: () => new Promise((resolve) => listener.close(resolve)),
  };
}

beforeAll(async () => {
  server = await startPostgres();
  const url = await server.createDatabase();
  admin = postgres(url, { max: 1, onnotice: () => {} });
  proxy = await startProxy(Number(new URL(url).port));
  const proxied = url.replace(/:\d+\//, `:${proxy.port}/`);
  client = withEndingTransactions(postgres(proxied, { max: 1, fetch_types: false, connect_timeout: 2 }));
  await admin`create table words (word text)`;
});

afterAll(async () => {
  await client.end();
  await proxy.close();
  await admin.end();
  await server.stop();
});

beforeEach(async () => {
  await admin`truncate words`;
});

const words = async () => (await admin`select word from words order by word`).map(({ word }) => word);
const add = (tx: postgres.TransactionSql, word: string) => tx.unsafe('insert into words values ($1)', [word]);
const place = async (tx: postgres.TransactionSql) =>
  (await tx.unsafe('select pg_backend_pid() as pid, txid_current() as id'))[0];

function createGate() {
  let open: () => void = () => {};
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
}

/** A transaction that has written a word, and loses its connection while its work waits for something else. */
async function loseConnection(goOn: (tx: postgres.TransactionSql) => Promise<unknown>) {
  const [began, waits] = [createGate(), createGate()];
  const said: unknown[] = [];
  let pid = 0;
  const lost = client.begin(async (tx) => {
    await add(tx, 'lost');
    pid = (await place(tx))?.['pid'];
    began.open();
    await waits.isOpen;
    await goOn(tx).catch((error: unknown) => said.push(error));
  });
  const outcome = lost.catch((error: unknown) => error);
  await began.isOpen;
  await admin`select pg_terminate_backend(${pid})`;
  expect(await outcome).toMatchObject({ code: 'CONNECTION_CLOSED' });
  return { goOn: waits.open, said };
}

it.each([
  { name: 'sends another statement', goOn: (tx: postgres.TransactionSql) => add(tx, 'late'), said: 1 },
  { name: 'has done all it wanted to', goOn: async () => {}, said: 0 },
])('work whose connection was lost, and that $name, writes nothing and disturbs nobody', async (one) => {
  const lost = await loseConnection(async (tx) => one.goOn(tx));
  await client.begin(async (tx) => {
    await add(tx, 'first');
    const before = await place(tx);
    lost.goOn();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await add(tx, 'second');
    expect(await place(tx)).toEqual(before);
  });
  expect(lost.said).toHaveLength(one.said);
  expect(await words()).toEqual(['first', 'second']);
});

it('a transaction whose connection is reset in the middle of a statement fails, and the next ones are well', async () => {
  const failing = client.begin(async (tx) => {
    await add(tx, 'lost');
    const pid = Number((await place(tx))?.['pid']);
    const slow = allDone([tx.unsafe('select pg_sleep(60)'), add(tx, 'pipelined')]);
    slow.catch(() => {});
    const sleeping = () => admin`select from pg_stat_activity where pid = ${pid} and wait_event = 'PgSleep'`;
    await expect.poll(sleeping).toHaveLength(1);
    proxy.reset();
    // The server has not noticed, and holds its locks.
    await admin`select pg_terminate_backend(${pid})`;
    await slow;
  });
  expect(await failing.catch((error: unknown) => error)).toBeInstanceOf(Error);
  for (const word of ['one', 'three', 'two']) await client.begin((tx) => add(tx, word));
  expect(await words()).toEqual(['one', 'three', 'two']);
});

it('work that fails by itself is rolled back as ever', async () => {
  const failing = client.begin(async (tx) => {
    await add(tx, 'undone');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await client.begin((tx) => add(tx, 'done'));
  expect(await words()).toEqual(['done']);
});
