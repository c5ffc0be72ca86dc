import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { askControl } from '../adapters/control/control.ts';
import { startBot } from '../bench/bot.ts';
import { freePort } from '../bench/servers/free-port.ts';
import { startPostgres } from '../bench/servers/postgres.ts';
import type { AuditReport } from '../workflows/audit.ts';
import { type RawSlack, startRawSlack } from './raw-slack.ts';

/** The bot as it ships, with every door open, on a real PostgreSQL; its Slack lets anybody in and sends any frame. */
export interface FuzzBot {
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly smtpPort: number;
  readonly httpPort: number;
  readonly httpToken: string;
  /** Of a source that posts as Alertmanager does. */
  readonly alertmanagerToken: string;
  readonly slack: RawSlack;
  /** Whether the process is still there. */
  isAlive(): boolean;
  /** The last warnings and errors that it logged. */
  complaints(): readonly string[];
  /** The conservation check: what is stored, by state. */
  audit(): Promise<AuditReport>;
  close(): Promise<void>;
}

const httpToken = 'fuzz-token-of-24-letters';
const alertmanagerToken = 'fuzz-token-of-a-watcher';

/** Starts the bot. A signal that ends this process closes the bot first, and removes its folder. */
export async function startFuzzBot(): Promise<FuzzBot> {
  const starting = start();
  const end = (signal: NodeJS.Signals) => {
    const exit = () => process.exit(128 + constants.signals[signal]);
    starting.then((bot) => bot.close()).then(exit, exit);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const bot = await starting;
  const close = async () => {
    process.off('SIGINT', end).off('SIGTERM', end);
    await bot.close();
  };
  return { ...bot, close };
}

async function start(): Promise<FuzzBot> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-fuzz-'));
  const postgres = await startPostgres();
  const slack = await startRawSlack();
  const ports = { smtp: await freePort(), http: await freePort(), health: await freePort() };
  mkdirSync(path.join(folder, 'data'));
  const configFile = path.join(folder, 'restage.yaml');
  writeFileSync(configFile, stringify(siteConfig(slack.apiUrl, ports)));
  const env = {
    SLACK_BOT_TOKEN: 'xoxb-fuzz',
    SLACK_APP_TOKEN: 'xapp-fuzz',
    RESTAGE_HTTP_OPS_TOKEN: httpToken,
    RESTAGE_HTTP_WATCH_TOKEN: alertmanagerToken,
    DATABASE_URL: await postgres.createDatabase(),
  };
  const bot = startBot({
    config: configFile,
    env,
    nodeOptions: [],
  });
  const close = async () => {
    await bot.kill();
    await slack.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  await bot.running.catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    configFile,
    env,
    pid: bot.pid,
    smtpPort: ports.smtp,
    httpPort: ports.http,
    httpToken,
    alertmanagerToken,
    slack,
    isAlive: () => bot.isAlive(),
    complaints: () => bot.complaints(),
    audit: async () =>
      (await askControl(path.join(folder, 'data/control.sock'), {
        operation: 'audit',
        input: {},
      })) as AuditReport,
    close,
  };
}

/** A threshold that is never met: what is looked at is how mail comes in. */
const thresholds = [{ count: 1_000_000, within: '1h' }];

function siteConfig(apiUrl: string, ports: Readonly<Record<'smtp' | 'http' | 'health', number>>): object {
  return {
    slack: { apiUrl },
    database: { dataDir: './data' },
    health: { port: ports.health },
    intake: {
      smtp: { port: ports.smtp, maxSize: '10MB' },
      http: {
        port: ports.http,
        maxSize: '10MB',
        sources: [{ name: 'ops' }, { name: 'watch', format: 'alertmanager' }],
      },
    },
    validation: { domains: ['example.net'], nodes: ['int-*', 'dist-*'] },
    thresholds,
    routing: { regions: { eu: { channel: 'maint-eu' } }, fallbackChannel: 'maint-unknown' },
  };
}
