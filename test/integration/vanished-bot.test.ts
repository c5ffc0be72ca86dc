import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { freePort } from '../../src/bench/servers/free-port.ts';
import { countingLock } from '../../src/adapters/postgres/alerts.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import type { AuditReport } from '../../src/workflows/audit.ts';
import { askBot, type Bot, type BotOptions, startBot } from '../support/bot.ts';
import { createBlankPostgresUrl } from '../support/databases.ts';
import { people, tokens } from '../support/site-config.ts';

const token = 'a-token-of-good-length';
const folder = mkdtempSync(path.join(tmpdir(), 'restage-vanished-'));

interface RunningBot extends Bot {
  readonly port: number;
  readonly options: BotOptions;
}

let workspace: Workspace;
let admin: postgres.Sql;
let bots: readonly RunningBot[] = [];

beforeAll(async () => {
  writeFileSync(path.join(folder, 'inventory.csv'), 'name,ip\nc-1,127.0.0.1\n');
  workspace = await startWorkspace({
    users: people,
    channels: [{ id: 'C0OPS', name: 'ops' }],
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
    limits: 'off',
  });
  const url = await createBlankPostgresUrl();
  admin = postgres(url, { max: 2, onnotice: () => {} });
  bots = await Promise.all(['one', 'two'].map((name) => startOne(name, url)));
}, 240_000);

afterAll(async () => {
  for (const bot of bots) await bot.kill();
  await admin?.end();
  await workspace?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startOne(name: string, url: string): Promise<RunningBot> {
  const port = await freePort();
  const options = {
    config: writeConfig(path.join(folder, name), port),
    env: { ...tokens, DATABASE_URL: url, RESTAGE_HTTP_OPS_TOKEN: token },
  };
  const bot = startBot(options);
  await bot.ready;
  return { ...bot, port, options };
}

function writeConfig(at: string, port: number): string {
  mkdirSync(at);
  const file = path.join(at, 'restage.yaml');
  const config = {
    slack: { apiUrl: workspace.apiUrl, sockets: 1 },
    database: { dataDir: './data' },
    intake: { http: { port, sources: [{ name: 'ops' }] } },
    health: { port: 0 },
    validation: { nodes: ['c-*'] },
    thresholds: [{ over: 'device', count: 100, within: '1h' }],
    inventory: { csv: '../inventory.csv' },
    routing: { fallbackChannel: 'ops' },
  };
  writeFileSync(file, stringify(config));
  return file;
}

async function post({ port }: RunningBot, id: string): Promise<number> {
  const alert = {
    id,
    device: 'c-1',
    server: 'dist',
    job: 'J1',
    package: 'edge',
    failure: 'connection timed out',
    at: new Date().toISOString(),
  };
  const response = await fetch(`http://127.0.0.1:${port}/alerts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify([alert]),
  });
  return response.status;
}

/** The backend that holds the counting lock and waits for the table of alerts. */
async function findCounting(): Promise<number | null> {
  const [row] = await admin`select pid from pg_locks as counting
    where locktype = 'advisory' and objid = ${countingLock} and granted and exists (
      select from pg_locks as wanted where wanted.pid = counting.pid and not wanted.granted)`;
  return row?.['pid'] ?? null;
}

const isThere = async (pid: number) => (await admin`select from pg_stat_activity where pid = ${pid}`).length;

it('a bot that is stopped in a transaction that counts is out of the way within 15 s, commits nothing of it and goes on', {
  timeout: 120_000,
}, async () => {
  const [one, two] = bots as readonly [RunningBot, RunningBot];
  let first: Promise<number> = Promise.resolve(0);
  let pid = 0;
  await admin.begin(async (tx) => {
    await tx`lock table alerts in share row exclusive mode`;
    first = post(one, 'first').catch(() => 0);
    await expect.poll(findCounting, { timeout: 7_000, interval: 20 }).not.toBeNull();
    pid = (await findCounting()) ?? 0;
    one.process.kill('SIGSTOP');
  });
  const since = Date.now();
  expect(await isThere(pid)).toBe(1);
  await expect.poll(() => post(two, 'second'), { timeout: 15_000 }).toBe(200);
  // PostgreSQL has ended it: nothing of it can be committed by anybody.
  expect([await isThere(pid), Date.now() - since < 15_000]).toEqual([0, true]);
  expect((await admin`select state from mails`).map(({ state }) => state)).toEqual(['accepted']);
  one.process.kill('SIGCONT');
  await first;
  await expect.poll(() => post(one, 'first'), { timeout: 30_000 }).toBe(200);
  expect(await post(one, 'third')).toBe(200);
  expect((await admin`select count(*)::int as n from alerts`)[0]?.['n']).toBe(3);
  expect(await askBot<AuditReport>(one.options, 'audit')).toMatchObject({ balanced: true, faults: [] });
  expect(await one.stop()).toBe(0);
});
