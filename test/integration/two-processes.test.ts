import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { freePort } from '../../src/bench/servers/free-port.ts';
import type { Database } from '../../src/adapters/postgres/db.ts';
import { openPostgres } from '../../src/adapters/postgres/database.ts';
import { startWorkspace, type Workspace } from '../../src/demo/workspace/workspace.ts';
import type { AuditReport } from '../../src/workflows/audit.ts';
import { askBot, type Bot, type BotOptions, startBot } from '../support/bot.ts';
import { createBlankPostgresUrl } from '../support/databases.ts';
import { liveProblems } from '../support/problems.ts';
import { people, tokens } from '../support/site-config.ts';

const token = 'a-token-of-good-length';
const rounds = inject('isLongRun') ? 20 : 8;
const minuteMs = 60_000;
/** Mail counts at its own time when it is no later than this. */
const latenessMinutes = 120;

/** Each round has a small network of its own: a server with six clients, and one with two. */
const network = [
  { name: 'dist', upstream: null },
  ...['int-1', 'int-2'].map((name) => ({ name, upstream: 'dist' })),
  ...['c-1', 'c-2', 'c-3', 'c-4', 'c-5', 'c-6'].map((name) => ({ name, upstream: 'int-1' })),
  ...['d-1', 'd-2'].map((name) => ({ name, upstream: 'int-2' })),
];

const anyAlert = fc.record({
  device: fc.constantFrom(...network.map(({ name }) => name)),
  // Some is later than the bound: it counts when it arrives, which is the same moment for all of it.
  minutesAgo: fc.oneof({ weight: 9, arbitrary: fc.nat(45) }, { weight: 1, arbitrary: fc.constant(300) }),
  failure: fc.constantFrom('connection timed out', 'permission denied', 'checksum: package broken'),
  package: fc.constantFrom('geo-db', 'edge', 'edge'),
  server: fc.constantFrom('int-1', 'int-1', 'int-2'),
});
type Alert = typeof anyAlert extends fc.Arbitrary<infer T> ? T : never;

/** Which alerts a bot gets, in which order, in batches of which size. */
const share = (alerts: number) => {
  const all = Array.from({ length: alerts }, (_, n) => n);
  return fc.record({
    order: fc.shuffledSubarray(all, { minLength: alerts }),
    again: fc.subarray(all),
    batchSize: fc.constantFrom(1, 8, 30, 100),
  });
};
/** `split` says who gets an alert: the first bot, the second one, or both. */
const story = fc.array(anyAlert, { minLength: 20, maxLength: 60 }).chain((alerts) =>
  fc.tuple(
    fc.constant(alerts),
    fc.array(fc.constantFrom<readonly number[]>([0], [1], [0, 1]), {
      minLength: alerts.length,
      maxLength: alerts.length,
    }),
    share(alerts.length),
    share(alerts.length),
  ),
);

interface Site {
  readonly database: Database;
  readonly bots: readonly (Bot & { readonly port: number; readonly options: BotOptions })[];
}

describe('A9: two bots, each a process of its own, on one PostgreSQL', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-processes-'));
  let workspace: Workspace;
  let alone: Site;
  let pair: Site;
  beforeAll(async () => {
    writeFileSync(path.join(folder, 'inventory.csv'), inventory());
    workspace = await startWorkspace({
      users: people,
      channels: ['alone', 'pair'].map((name) => ({ id: `C0${name.toUpperCase()}`, name })),
      botToken: tokens.SLACK_BOT_TOKEN,
      appToken: tokens.SLACK_APP_TOKEN,
      limits: 'off',
    });
    [alone, pair] = await Promise.all([startSite('alone', 1), startSite('pair', 2)]);
    // Three bots start at once, on a machine that may be busy.
  }, 240_000);
  afterAll(async () => {
    for (const site of [alone, pair]) {
      for (const bot of site?.bots ?? []) await bot.kill();
      await site?.database.close();
    }
    await workspace?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startSite(channel: string, bots: number): Promise<Site> {
    const url = await createBlankPostgresUrl();
    const env = { ...tokens, DATABASE_URL: url, RESTAGE_HTTP_OPS_TOKEN: token };
    const started = await Promise.all(
      Array.from({ length: bots }, async (_, n) => {
        const port = await freePort();
        const config = writeConfig(path.join(folder, `${channel}-${n}`), workspace.apiUrl, channel, port);
        const bot = startBot({ config, env });
        await bot.ready;
        return { ...bot, port, options: { config, env } };
      }),
    );
    return { database: await openPostgres(url), bots: started };
  }

  it('make the tickets that one alone makes, however alerts are ordered, batched, repeated, late and split', {
    timeout: 300_000,
  }, async () => {
    let round = 0;
    const seed = process.env['SEED'];
    await fc.assert(
      fc.asyncProperty(story, async ([list, split, one, other]) => {
        round += 1;
        const now = Date.now();
        const bodies = list.map((each, n) => toJson(each, n, round, now));
        await post(alone.bots[0]?.port, [bodies]);
        const sharesOf = ({ order, again, batchSize }: typeof one, bot: number) =>
          inBatches(
            [...order, ...again].filter((n) => split[n]?.includes(bot)).map((n) => bodies[n]),
            batchSize,
          );
        await Promise.all([
          post(pair.bots[0]?.port, sharesOf(one, 0)),
          post(pair.bots[1]?.port, sharesOf(other, 1)),
        ]);
        await Promise.all([untilExamined(alone.database), untilExamined(pair.database)]);
        expect(await liveProblems(pair.database)).toEqual(await liveProblems(alone.database));
      }),
      // Each round needs devices of its own: there are no further ones to look for a smaller story with.
      // On a machine that is busy fewer rounds have to do.
      {
        numRuns: rounds,
        endOnFailure: true,
        interruptAfterTimeLimit: 40_000,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
      },
    );
    const made = await liveProblems(alone.database);
    expect(made).not.toEqual([]);
    for (const { bots } of [alone, pair]) {
      const [{ options }] = bots as [Site['bots'][number]];
      expect(await askBot<AuditReport>(options, 'audit')).toMatchObject({ balanced: true, faults: [] });
    }
  });
});

/** Each problem has been examined by whoever took up its job. */
async function untilExamined(database: Database): Promise<void> {
  const candidates = () => database.executeSql("select id from tickets where state = 'candidate'", []);
  await expect.poll(async () => (await candidates()).rows, { timeout: 120_000 }).toEqual([]);
}

function inBatches<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) =>
    list.slice(n * size, (n + 1) * size),
  );
}

async function post(port: number | undefined, batches: readonly (readonly unknown[])[]): Promise<void> {
  for (const batch of batches) {
    const response = await fetch(`http://127.0.0.1:${port}/alerts`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify(batch),
    });
    expect([response.status, await response.json()]).toMatchObject([200, { received: batch.length }]);
  }
}

/** Half a minute off, so that the seconds between the two ways decide about no window. */
function toJson(alert: Alert, id: number, round: number, now: number): object {
  return {
    ...alert,
    id: `${round}-${id}`,
    device: nameIn(round, alert.device),
    server: nameIn(round, alert.server),
    job: `J${round}`,
    at: new Date(now - alert.minutesAgo * minuteMs - minuteMs / 2).toISOString(),
  };
}

const nameIn = (round: number, name: string) => `r${round}-${name}`;

/** Addresses are on this machine, so that they answer to pings. */
function inventory(): string {
  const rows = Array.from({ length: rounds }, (_, n) =>
    network.map(({ name, upstream }, host) => {
      const above = upstream === null ? '' : nameIn(n + 1, upstream);
      return `${nameIn(n + 1, name)},,127.9.${n + 1}.${host + 1},,region-${n + 1},,,,${above}`;
    }),
  );
  return `name,fqdn,ip,mac,region,site,building,room,upstream\n${rows.flat().join('\n')}\n`;
}

function writeConfig(folder: string, apiUrl: string, channel: string, port: number): string {
  mkdirSync(folder);
  const file = path.join(folder, 'restage.yaml');
  const config = {
    slack: { apiUrl, sockets: 1 },
    database: { dataDir: './data' },
    intake: { http: { port, sources: [{ name: 'ops' }] } },
    health: { port: 0 },
    validation: { nodes: ['r*'] },
    lateness: `${latenessMinutes}m`,
    thresholds: [
      { over: 'device', count: 3, within: '30m' },
      { package: 'geo-db', over: 'device', count: 2, within: '10m' },
      { failure: 'access', over: 'server', count: 4, within: '60m' },
      { failure: 'package', fraction: 0.4, of: 'region', within: '20m' },
    ],
    rootCause: { devices: 4, within: '10m' },
    inventory: { csv: '../inventory.csv' },
    diagnosis: { pings: 1, timeout: '200ms', atOnce: 16 },
    routing: { fallbackChannel: channel },
  };
  writeFileSync(file, stringify(config));
  return file;
}
