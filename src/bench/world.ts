import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Workspace } from '../demo/workspace/workspace.ts';
import { startWorkspace } from '../demo/workspace/workspace.ts';
import { type Bot, startBot } from './bot.ts';
import { type Dovecot, startDovecot } from './servers/dovecot.ts';
import { type PostgresServer, startPostgres } from './servers/postgres.ts';

/** A device of the inventory; its address is this machine's, so that it answers to pings. */
export interface BenchDevice {
  readonly name: string;
  readonly upstream: string | null;
}

export interface SiteOptions {
  /** The mailbox that the bot reads. */
  readonly user: string;
  readonly devices: readonly BenchDevice[];
  /** As in the config file. */
  readonly thresholds: readonly object[];
  /** `null` for the embedded database. */
  readonly databaseUrl: string | null;
  /** As in the config file; default: none. */
  readonly servers?: Readonly<Record<string, object>>;
}

/** A config on disk, and the environment that a bot needs beside it. */
export interface BenchSite {
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  readonly controlSocket: string;
}

/** Everything outside the bot, on this machine: mail server, database server, Slack workspace. */
export interface World {
  readonly dovecot: Dovecot;
  readonly postgres: PostgresServer;
  readonly workspace: Workspace;
  writeSite(options: SiteOptions): BenchSite;
  startBot(site: BenchSite): Bot;
  close(): Promise<void>;
}

export const tokens = { SLACK_BOT_TOKEN: 'xoxb-bench', SLACK_APP_TOKEN: 'xapp-bench' } as const;
/** Where tickets go, and where the bench itself posts. */
export const channels = { tickets: 'maint-eu', own: 'bench' } as const;

export async function startWorld(nodeOptions: readonly string[]): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-bench-'));
  const dovecot = await startDovecot();
  const postgres = await startPostgres({ fsync: true });
  const workspace = await startWorkspace({
    users: [{ id: 'U0ANA', name: 'ana', realName: 'Ana Costa', tz: 'Europe/Berlin' }],
    channels: [
      { id: 'C0EU', name: channels.tickets },
      { id: 'C0UNKNOWN', name: 'maint-unknown' },
      { id: 'C0BENCH', name: channels.own },
    ],
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
  });
  let sites = 0;
  return {
    dovecot,
    postgres,
    workspace,
    writeSite(options) {
      sites += 1;
      return writeSite(path.join(folder, String(sites)), options, dovecot, workspace.apiUrl);
    },
    startBot: ({ config, env }) => startBot({ config, env, nodeOptions }),
    async close() {
      await workspace.close();
      await postgres.stop();
      await dovecot.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeSite(
  folder: string,
  { user, devices, thresholds, databaseUrl, servers = {} }: SiteOptions,
  dovecot: Dovecot,
  slackApiUrl: string,
): BenchSite {
  mkdirSync(folder);
  const at = (name: string) => path.join(folder, name);
  const config = {
    timeZone: 'Europe/Berlin',
    database: { dataDir: './data' },
    slack: { apiUrl: slackApiUrl },
    health: { port: 0 },
    intake: {
      imap: [{ name: 'alerts', host: '127.0.0.1', port: dovecot.imapsPort, tlsCaFile: 'mail-ca.pem', user }],
    },
    validation: { domains: ['example.net'], nodes: ['int-*', 'client-*'] },
    thresholds,
    inventory: { csv: 'inventory.csv' },
    servers,
    routing: { regions: { eu: { channel: channels.tickets } }, fallbackChannel: 'maint-unknown' },
  };
  writeFileSync(at('mail-ca.pem'), dovecot.tlsCa);
  writeFileSync(at('inventory.csv'), writeInventory(devices));
  writeFileSync(at('restage.yaml'), stringify(config));
  return {
    config: at('restage.yaml'),
    controlSocket: at('data/control.sock'),
    env: {
      ...tokens,
      ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
      RESTAGE_IMAP_ALERTS_PASSWORD: dovecot.password,
    },
  };
}

function writeInventory(devices: readonly BenchDevice[]): string {
  const rows = devices.map(({ name, upstream }, index) => {
    const ip = `127.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
    return `${name},,${ip},,eu,Koeln,B3,201,${upstream ?? ''}`;
  });
  return `name,fqdn,ip,mac,region,site,building,room,upstream\n${rows.join('\n')}\n`;
}
