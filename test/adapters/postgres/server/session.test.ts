import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { limits, settings } from '../../../../src/adapters/postgres/server/limits.ts';
import { openSession, type Session } from '../../../../src/adapters/postgres/server/session.ts';
import { startPostgres } from '../../../support/postgres.ts';
import { type Proxy, startProxy } from '../../../support/proxy.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
let url: string;
let proxy: Proxy;
let admin: postgres.Sql;
let session: Session;

beforeAll(async () => {
  server = await startPostgres();
  const direct = await server.createDatabase();
  admin = postgres(direct, { max: 1, onnotice: () => {} });
  proxy = await startProxy(Number(new URL(direct).port));
  url = direct.replace(/:\d+\//, `:${proxy.port}/`);
});

afterEach(async () => {
  proxy.silenceAll(false);
  await session.end();
});

afterAll(async () => {
  await proxy.close();
  await admin.end();
  await server.stop();
});

async function open(): Promise<Session> {
  session = await openSession({ url, settings, isPrepared: (_, values) => values.length > 0 });
  return session;
}

const codeOf = (statement: Promise<unknown>) =>
  statement.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );
const pidOf = async ({ unsafe }: Session) => (await unsafe('select pg_backend_pid() as pid'))[0]?.['pid'];

describe('a session', () => {
  it('has the limits set by statements, which poolers pass, and none in the startup message', async () => {
    const names = '{statement_timeout,lock_timeout,idle_in_transaction_session_timeout,tcp_user_timeout}';
    const { unsafe } = await open();
    const rows = await unsafe('select name, setting from pg_settings where name = any($1::text[])', [names]);
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]))).toEqual({
      statement_timeout: limits.statementMs,
      lock_timeout: limits.lockMs,
      idle_in_transaction_session_timeout: limits.idleTransactionMs,
      tcp_user_timeout: limits.unacknowledgedMs,
    });
    const sources = await session.unsafe(
      "select name from pg_settings where source = 'client' order by name",
    );
    expect(sources.map(({ name }) => name)).toEqual(['application_name', 'client_encoding']);
  });

  it('leaves out the settings and the values that the server does not know', async () => {
    const unknown = { no_such_setting: '1', plan_cache_mode: 'no_such_mode', statement_timeout: '7000' };
    session = await openSession({ url, settings: unknown, isPrepared: () => false });
    const [row] = await session.unsafe(
      "select current_setting('plan_cache_mode') as mode, current_setting('statement_timeout') as timeout",
    );
    expect(row).toEqual({ mode: 'auto', timeout: '7s' });
  });

  it('that the server ends says so to whoever waits for an answer, and to whoever asks afterwards', async () => {
    const { unsafe, isLost, untilLost } = await open();
    const slow = codeOf(unsafe('select pg_sleep(60)'));
    const pipelined = codeOf(unsafe('select $1::int', [1]));
    const told = codeOf(untilLost(new Promise(() => {})));
    const ours = () => admin`select pid from pg_stat_activity where wait_event = 'PgSleep'`;
    await expect.poll(ours).toHaveLength(1);
    await admin`select pg_terminate_backend(${(await ours())[0]?.['pid']})`;
    expect(await Promise.all([slow, pipelined, told])).toEqual(Array(3).fill('CONNECTION_CLOSED'));
    expect(isLost()).toBe(true);
    expect(() => unsafe('rollback')).toThrow('lost');
  });

  it('is not connected a second time: a statement never goes over another connection', async () => {
    const { unsafe } = await open();
    const before = proxy.connections();
    const pid = await pidOf(session);
    const all = Array.from({ length: 150 }, (_, n) =>
      codeOf(unsafe(`select ${n}, pg_sleep(0.01), $1::int`, [n])),
    );
    await admin`select pg_terminate_backend(${pid})`;
    const codes = await Promise.all(all);
    const failures = codes.filter((code) => code !== 'done');
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.filter((code) => !/^CONNECTION_(CLOSED|DESTROYED)$/.test(code ?? ''))).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(proxy.connections()).toBe(before);
  });

  it('whose connection is reset fails at once', async () => {
    const { unsafe } = await open();
    const slow = codeOf(unsafe('select pg_sleep(60)'));
    const sleeping = () => admin`select pid from pg_stat_activity where wait_event = 'PgSleep'`;
    await expect.poll(sleeping).toHaveLength(1);
    proxy.reset();
    expect(await slow).toBe('ECONNRESET');
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'`;
  });

  it('that answers nothing is ended after its time, also in the middle of a transaction', async () => {
    const { unsafe, waitAtMost, isLost } = await open();
    waitAtMost(300);
    await unsafe('begin');
    proxy.silence();
    expect(await codeOf(unsafe('select 1'))).toBe('ETIMEDOUT');
    expect(isLost()).toBe(true);
  });

  it('that works on many statements for longer than its time, but answers, is not ended', async () => {
    const { unsafe, waitAtMost } = await open();
    waitAtMost(2_000);
    const all = Array.from({ length: 10 }, () => codeOf(unsafe('select pg_sleep(0.4)')));
    expect(await Promise.all(all)).toEqual(Array(10).fill('done'));
  });

  it('is not opened where nobody listens, or a port of another protocol does', async () => {
    const refused = url.replace(/:\d+\//, ':1/');
    const opening = openSession({ url: refused, settings, isPrepared: () => false });
    expect(await codeOf(opening)).toBe('ECONNREFUSED');
  });
});
