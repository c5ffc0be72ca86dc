import { createChartPainter } from '../adapters/chart/chart.ts';
import { digestOf } from '../adapters/mime/mail-key.ts';
import { createMimeReader } from '../adapters/mime/read-mime.ts';
import { injectTime } from '../adapters/postgres/store-time.ts';
import { createStore } from '../adapters/postgres/store.ts';
import { createSlack } from '../adapters/slack/slack.ts';
import { readPolicies } from '../app/policies.ts';
import { parseConfig } from '../config/load-config.ts';
import type { Workspace } from '../demo/workspace/workspace.ts';
import { ReaderUnavailable } from '../domain/careful-reader.ts';
import type { Prober } from '../domain/diagnosis.ts';
import { indexInventory } from '../domain/inventory-index.ts';
import type { Log } from '../domain/log.ts';
import type { Job } from '../domain/store/jobs.ts';
import type { Deps } from '../workflows/deps.ts';
import { createProgress } from '../workflows/health/progress.ts';
import { openMonthDatabase } from './database.ts';
import { devices, siteConfig } from './site.ts';

/** The bot's workflows in this process, over a real database, with the clock and the queue in our hand. */
export interface MonthBot {
  readonly deps: Deps;
  /** What was enqueued and is not done yet. */
  readonly jobs: Job[];
  close(): Promise<void>;
}

export interface BotWorld {
  readonly workspace: Workspace;
  readonly prober: Prober;
  readonly now: () => Date;
  /** An empty PostgreSQL database; `null` for one that is gone at the end. */
  readonly databaseUrl: string | null;
  readonly log: Log;
}

/** The names of the formats that the site's config takes from the product. */
const formatNames = ['plain', 'ftpsync', 'cron', 'nagios'];
/** An hour: a month's mail is harmless, and what becomes of it must not depend on how busy the machine is. */
const patience = { tickMs: 250, ticks: 14_400 };
const tokens = { SLACK_BOT_TOKEN: 'xoxb-month', SLACK_APP_TOKEN: 'xapp-month' };

export async function startMonthBot(world: BotWorld): Promise<MonthBot> {
  const database = await openMonthDatabase(world.databaseUrl);
  const { config } = parseConfig(siteConfig(), '/restage.yaml', tokens, { shippedFormatNames: formatNames });
  const mime = createMimeReader(patience);
  const jobs: Job[] = [];
  const deps: Deps = {
    ...outsideOf(world),
    ...mime,
    store: createStore(
      database,
      { enqueue: async (added) => void jobs.push(...added), wake: () => {} },
      injectTime({ now: world.now }),
    ),
    policies: readPolicies(config),
    stopReading: () => mime.stop(),
  };
  return {
    deps,
    jobs,
    async close() {
      await mime.close();
      await database.close();
    },
  };
}

function outsideOf({ workspace, prober, now, log }: BotWorld) {
  let lastId = 0;
  const clock = { now };
  const chat = createSlack({
    botToken: () => tokens.SLACK_BOT_TOKEN,
    appToken: () => tokens.SLACK_APP_TOKEN,
    ...{
      apiUrl: workspace.apiUrl,
      fetch: workspace.fetch,
      sockets: 1,
      log,
      clock,
      elapsedMs: () => now().getTime(),
    },
  });
  return {
    ...{ clock, log, chat, prober, servers: noServers, mailer: null, charts: createChartPainter() },
    inventory: indexInventory(devices),
    suspicion: { isSuspect: () => false, open: async () => {}, close: async () => {} },
    carefulReader: {
      read: () => Promise.reject(new ReaderUnavailable('a month reads all mail in its own process')),
      close: async () => {},
    },
    searchApart: () => Promise.resolve(null),
    digestOf,
    intakeHealth: () => [],
    progress: createProgress(),
    probeMailer: { send: async () => {} },
    newId: () => `month${(lastId += 1)}`,
  };
}

const noServer = () => Promise.reject(new Error('a month has no servers to log in to'));
const noServers: Deps['servers'] = {
  readLogs: async () => [],
  measure: async () => [],
  clockOf: noServer,
  hostKeys: noServer,
  reach: noServer,
  run: noServer,
  stop: noServer,
  prune: noServer,
  close: async () => {},
};
