import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres } from '../../../support/postgres.ts';

let server: Awaited<ReturnType<typeof startPostgres>>;
let url: string;
let admin: postgres.Sql;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  admin = postgres(url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});

/** As `npm run build` leaves it. */
const built = new URL('../../../../dist/adapters/postgres/database.js', import.meta.url).href;

/** Sends what bots send, over all connections, until it is told to stop; says five times a second how much it has done. */
const load = `
import { openPostgres } from '${built}';
const database = await openPostgres(process.env.DATABASE_URL);
let isOver = false;
let failed = 0;
let done = 0;
process.once('SIGTERM', () => { isOver = true; });
const say = () => console.log(JSON.stringify({ done, failed }));
setInterval(say, 200).unref();
const alone = () => database.executeSql('select $1::int as n, pg_sleep(0.003)', [1]);
const several = () => database.executeSql('begin; select pg_sleep(0.002); commit');
const together = () => database.transaction(async ({ executeSql }) => {
  const text = 'x'.repeat(Math.random() < 0.3 ? 3000 : 10);
  await Promise.allSettled([1, 2, 3].map(() => executeSql('select $1::text', [text])));
  await executeSql('select pg_sleep(0.002)').catch(() => executeSql('select 1'));
});
await Promise.all([alone, several, together, together, alone, several, together, together, alone, together].map(async (work) => {
  while (!isOver) await work().then(() => { done += 1; }, () => { failed += 1; return new Promise(setImmediate); });
}));
await database.close();
say();
`;

interface Loaded {
  readonly child: ChildProcess;
  readonly done: () => number;
  /** Resolves when it has done more than until now. */
  readonly goesOn: () => Promise<void>;
  /** Returns the exit code, and what it said on standard error. */
  readonly stop: () => Promise<readonly [unknown, string]>;
}

async function startLoad(): Promise<Loaded> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', load], {
    env: { PATH: process.env['PATH'], DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let done = 0;
  let complaint = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    done = (JSON.parse(line) as { done: number }).done;
  });
  child.stderr.on('data', (text) => (complaint += text));
  const ended = once(child, 'exit');
  const goesOn = async () => {
    const before = done;
    await expect.poll(() => done > before || complaint !== '', { timeout: 60_000 }).toBe(true);
  };
  await goesOn();
  const stop = async () => {
    child.kill('SIGTERM');
    const [code, signal] = await ended;
    return [code ?? signal, complaint] as const;
  };
  return { child, done: () => done, goesOn, stop };
}

const others = () => admin`select pid from pg_stat_activity
  where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
  order by random() limit 3`;

it('porsager/postgres#1208: a process whose backends are terminated 60 times under load goes on working', {
  timeout: 180_000,
}, async () => {
  const loaded = await startLoad();
  let terminated = 0;
  while (terminated < 60 && loaded.child.exitCode === null) {
    for (const { pid } of await others()) {
      await admin`select pg_terminate_backend(${pid})`;
      terminated += 1;
    }
    await admin`select pg_sleep(0.02)`;
  }
  await loaded.goesOn();
  expect(await loaded.stop()).toEqual([0, '']);
});

it('a process goes on working when a backend is killed under load and the whole server restarts for it', {
  timeout: 180_000,
}, async () => {
  const loaded = await startLoad();
  for (let killed = 0; killed < 3; killed += 1) {
    // While the server restarts it refuses connections.
    let pid: unknown;
    const find = async () => (pid = (await others().catch(() => []))[0]?.['pid']);
    await expect.poll(find, { timeout: 60_000 }).toBeDefined();
    process.kill(Number(pid), 'SIGKILL');
    await loaded.goesOn();
  }
  expect(await loaded.stop()).toEqual([0, '']);
});
