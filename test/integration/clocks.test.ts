import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { findFaketime } from '../../src/chaos/mail/clocks.ts';
import { freePort } from '../../src/bench/servers/free-port.ts';
import { openPostgres } from '../../src/adapters/postgres/database.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import { createBlankPostgresUrl } from '../support/databases.ts';
import { topLevel } from '../support/messages.ts';
import { people, tokens } from '../support/site-config.ts';
import { type Owner, startUp } from '../support/surroundings.ts';

const token = 'a-token-of-good-length';
const devices = ['int-1', 'int-2'];

/** The environment in which a process sees this clock; its monotonic one stays as it is. */
function clockOf(setting: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { LD_PRELOAD: findFaketime(), FAKETIME_DONT_FAKE_MONOTONIC: '1', ...setting };
}

interface Site {
  readonly folder: string;
  readonly url: string;
  readonly workspace: Workspace;
  /** Starts a bot with this clock; returns where it takes alerts. */
  startBot(clock: Readonly<Record<string, string>>): Promise<string>;
  /** Resolves when nothing is left to send. */
  settled(): Promise<void>;
}

async function startSite(test: Owner): Promise<Site> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-clocks-'));
  test.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const workspace = await startWorkspace({
    users: people,
    channels: ['tickets', 'pages'].map((name) => ({ id: `C0${name.toUpperCase()}`, name })),
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
    limits: 'off',
  });
  test.onTestFinished(() => workspace.close());
  const url = await createBlankPostgresUrl();
  const database = await openPostgres(url);
  test.onTestFinished(() => database.close());
  let bots = 0;
  return {
    folder,
    url,
    workspace,
    async startBot(clock) {
      const port = await freePort();
      const config = writeConfig(path.join(folder, `bot-${(bots += 1)}`), workspace.apiUrl, port);
      await startUp(test, {
        config,
        env: { ...tokens, ...clock, DATABASE_URL: url, RESTAGE_HTTP_OPS_TOKEN: token },
      });
      return `http://127.0.0.1:${port}/alerts`;
    },
    async settled() {
      const left = `select count(*)::int as n from deliveries where state <> 'sent' or wanted > sent`;
      await expect
        .poll(async () => (await database.executeSql(left, [])).rows[0]?.['n'], { timeout: 60_000 })
        .toBe(0);
    },
  };
}

let lastAlert = 0;

async function fail(url: string | undefined, device: string): Promise<void> {
  const alerts = Array.from({ length: 3 }, () => ({
    id: `a-${(lastAlert += 1)}`,
    device,
    failure: 'connection timed out',
    server: 'int-9',
    at: new Date().toISOString(),
  }));
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(url ?? '', { method: 'POST', headers, body: JSON.stringify(alerts) });
  expect(response.status).toBe(200);
}

describe('bots, each a process of its own, whose clocks are wrong', () => {
  it.each(inject('isLongRun') ? [60, -150] : [-150])(
    'post each ticket and page once where one bot is %d s off, though Slack takes long to answer',
    { timeout: 240_000 },
    async (offS) => {
      const ended: (() => unknown)[] = [];
      const owner = { onTestFinished: (end: () => unknown) => void ended.push(end) };
      try {
        const site = await startSite(owner);
        const bots = [
          await site.startBot({}),
          await site.startBot(clockOf({ FAKETIME: `${offS > 0 ? '+' : ''}${offS}s` })),
        ];
        site.workspace.misbehave({ kind: 'delay', method: 'chat.postMessage', times: 1_000, ms: 2_000 });
        for (const [n, device] of devices.entries()) await fail(bots[n % 2], device);
        const isThere = () => (topLevel(site.workspace, 'pages').length >= devices.length ? true : undefined);
        await site.workspace.waitFor(isThere, 'a page for each device', 120_000);
        await site.settled();
        for (const channel of ['tickets', 'pages']) {
          const texts = topLevel(site.workspace, channel).map(({ text }) => text);
          for (const device of devices) {
            expect([channel, device, texts.filter((text) => text.includes(device)).length]).toEqual([
              channel,
              device,
              1,
            ]);
          }
        }
      } finally {
        for (const end of ended.toReversed()) await end();
      }
    },
  );

  it('try a message again in time that failed while the clock was an hour ahead', {
    timeout: 180_000,
  }, async (test) => {
    const site = await startSite(test);
    const file = path.join(site.folder, 'clock');
    writeFileSync(file, '+0s\n');
    const bot = await site.startBot(clockOf({ FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1' }));
    site.workspace.misbehave({ kind: 'status', method: 'chat.postMessage', times: 1, status: 503 });
    writeFileSync(file, '+3600s\n');
    await fail(bot, 'int-1');
    const hasFailed = () =>
      site.workspace.calls().find(({ method, ok }) => method === 'chat.postMessage' && !ok);
    await site.workspace.waitFor(hasFailed, 'the post that fails', 30_000);
    writeFileSync(file, '+0s\n');
    await site.workspace.waitFor(() => topLevel(site.workspace, 'tickets')[0], 'the ticket', 60_000);
    await site.settled();
    expect(topLevel(site.workspace, 'tickets')).toHaveLength(1);
  });
});

function writeConfig(folder: string, apiUrl: string, port: number): string {
  mkdirSync(folder);
  const file = path.join(folder, 'restage.yaml');
  const inventory = devices.map((name, n) => `${name},,127.9.1.${n + 1},,eu,,,,`);
  writeFileSync(
    path.join(folder, 'inventory.csv'),
    `name,fqdn,ip,mac,region,site,building,room,upstream\n${inventory.join('\n')}\n`,
  );
  const config = {
    slack: { apiUrl, sockets: 1 },
    database: { dataDir: './data' },
    health: { port: 0 },
    intake: { http: { port, sources: [{ name: 'ops' }] } },
    validation: { nodes: ['int-*'] },
    thresholds: [{ over: 'device', count: 3, within: '30m' }],
    inventory: { csv: 'inventory.csv' },
    diagnosis: { pings: 1, timeout: '200ms' },
    routing: { fallbackChannel: 'tickets' },
    delivery: { schedule: ['0s', '5s', '30s', '1m'], lateEffect: '2s' },
    paging: {
      policies: { all: { steps: [{ notify: ['channel:pages'], after: '0s' }] } },
      rules: [{ match: { device: '*' }, policy: 'all' }],
    },
  };
  writeFileSync(file, stringify(config));
  return file;
}
