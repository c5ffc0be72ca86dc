import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { startPostgres } from '../support/postgres.ts';
import { people, tokens } from '../support/site-config.ts';

const waits = 'waiting for the database; nothing is taken in meanwhile';
const folder = mkdtempSync(path.join(tmpdir(), 'restage-waiting-'));
let server: Awaited<ReturnType<typeof startPostgres>>;
let workspace: Workspace;

beforeAll(async () => {
  server = await startPostgres();
  workspace = await startWorkspace({
    users: people,
    channels: [{ id: 'C0OPS', name: 'ops' }],
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
  });
});

afterAll(async () => {
  await workspace.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(url: string): Bot {
  const config = path.join(mkdtempSync(path.join(folder, 'bot-')), 'restage.yaml');
  const intake = { smtp: { port: 0, allowFrom: ['127.0.0.1'] } };
  const routing = { fallbackChannel: 'ops' };
  const slack = { apiUrl: workspace.apiUrl, sockets: 1 };
  writeFileSync(config, stringify({ slack, intake, routing, health: { port: 0 } }));
  const bot = startBot({ config, env: { ...tokens, DATABASE_URL: url } });
  onTestFinished(() => bot.kill());
  return bot;
}

it('a bot that starts while PostgreSQL is away says so, waits, and starts when it is there', {
  timeout: 60_000,
}, async () => {
  const url = await server.createDatabase();
  await server.crash();
  const bot = start(url);
  await expect.poll(() => bot.lastWords(), { timeout: 20_000 }).toContain(waits);
  await server.resume();
  await bot.ready;
  expect(bot.lastWords().split(waits)).toHaveLength(2);
  expect(await bot.stop()).toBe(0);
});

it('a bot whose sessions are terminated all the time while it starts does not end, and starts when they are left alone', {
  timeout: 60_000,
}, async () => {
  const url = await server.createDatabase();
  const admin = postgres(url, { max: 1, connection: { application_name: 'admin' } });
  onTestFinished(() => admin.end());
  const bot = start(url);
  let ended = 0;
  while (ended < 30 && bot.process.exitCode === null) {
    const rows = await admin`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    ended += rows.length;
    await nextTurn();
  }
  await bot.ready;
  expect(bot.lastWords()).toContain(waits);
  expect(await bot.stop()).toBe(0);
});

it('a bot that waits for PostgreSQL at its start ends well when it is asked to stop', {
  timeout: 60_000,
}, async () => {
  const bot = start('postgres://restage@127.0.0.1:1/none');
  await expect.poll(() => bot.lastWords(), { timeout: 20_000 }).toContain(waits);
  expect(await bot.stop()).toBe(0);
});

it('a bot whose database does not exist ends at once, and says what is wrong', {
  timeout: 60_000,
}, async () => {
  const bot = start(`postgres://restage@127.0.0.1:${server.port}/missing`);
  await expect(bot.ready).rejects.toThrow('database "missing" does not exist');
  await expect.poll(() => bot.process.exitCode).toBe(1);
});
