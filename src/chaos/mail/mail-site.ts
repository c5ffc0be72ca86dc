import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { stringify } from 'yaml';
import { type Dovecot, startDovecot } from '../../bench/servers/dovecot.ts';
import type { PostgresServer } from '../../bench/servers/postgres.ts';
import { startWorkspace, type Workspace } from '../../demo/workspace/workspace.ts';
import { createDisposer, type Disposer } from '../disposer.ts';
import { faultKinds } from '../fault-kinds.ts';
import { createLink } from '../link.ts';
import { createMachine, type Machine } from '../machine.ts';
import type { RoundPlan } from '../plan.ts';
import { devicesOf, server as distributionServer } from './alerts.ts';
import { clockEnvironment } from './clocks.ts';
import { startDatabaseServer } from './database-server.ts';
import { startRelay, type SupervisedBot, superviseBot } from './supervised-bot.ts';

export const channel = 'maint-eu';
export const person = 'U0ANA';
export const mailUser = 'alerts';
export const ports = { smtp: 2525, http: 8080 } as const;
const tokens = { SLACK_BOT_TOKEN: 'xoxb-chaos', SLACK_APP_TOKEN: 'xapp-chaos' } as const;
export const httpToken = 'a-token-of-good-length';

/** The name of this program's own sessions of the database. */
export const ownSessions = 'chaos';

/** All that a round of mail happens between. */
export interface MailSite {
  readonly workspace: Workspace;
  readonly dovecot: Dovecot;
  readonly postgres: PostgresServer;
  /** The bots' database, over a connection of this program's own. */
  readonly sql: postgres.Sql;
  readonly databaseName: string;
  readonly databaseUrl: string;
  readonly bots: readonly SupervisedBot[];
  /** For `restage audit`: config and environment of a bot. */
  readonly configs: readonly { readonly config: string; readonly env: Readonly<Record<string, string>> }[];
  /** Controls the clock of the bot whose clock can jump. */
  readonly clockFile: string;
  close(): Promise<void>;
}

/** Starts servers and bots; `shared` is the database server that rounds share whose faults leave it alone. */
export async function startMailSite(plan: RoundPlan, shared: PostgresServer): Promise<MailSite> {
  const disposer = createDisposer();
  try {
    return await assemble(plan, shared, disposer);
  } catch (error) {
    await disposer.dispose();
    throw error;
  }
}

async function assemble(plan: RoundPlan, shared: PostgresServer, disposer: Disposer): Promise<MailSite> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restage-chaos-'));
  disposer.add(async () => rmSync(folder, { recursive: true, force: true }));
  const dovecot = await startDovecot();
  disposer.add(() => dovecot.stop());
  const database = await startDatabase(plan, shared, disposer);
  const workspace = await startWorkspace({
    users: [{ id: person, name: 'ana', realName: 'Ana Costa', tz: 'UTC' }],
    channels: [
      { id: 'C0EU', name: channel },
      { id: 'C0UNKNOWN', name: 'maint-unknown' },
    ],
    botToken: tokens.SLACK_BOT_TOKEN,
    appToken: tokens.SLACK_APP_TOKEN,
  });
  disposer.add(() => workspace.close());
  const clockFile = path.join(folder, 'clock');
  writeFileSync(clockFile, '+0');
  const bots: SupervisedBot[] = [];
  const configs: { config: string; env: Readonly<Record<string, string>> }[] = [];
  for (let index = 0; index < plan.bots; index += 1) {
    const machine = await createMachine();
    disposer.add(() => machine.remove());
    const links = await createLinks({ plan, machine, dovecot, workspace, database, disposer });
    if (plan.faults.some(({ name }) => name === 'slack-away-at-start')) links.slack.turn('refuse');
    const host = links.database ? links.database.port : database.server.port;
    const config = writeConfig(path.join(folder, `bot-${index + 1}`), plan, dovecot, workspace);
    const env = {
      ...tokens,
      DATABASE_URL: `postgres://restage@${machine.hostAddress}:${host}/${database.name}`,
      RESTAGE_IMAP_ALERTS_PASSWORD: dovecot.password,
      RESTAGE_HTTP_OPS_TOKEN: httpToken,
    };
    configs.push({ config, env });
    const clock = clockEnvironment(plan.faults, index, clockFile);
    const bot = superviseBot({ machine, links, config, env: { ...env, ...clock } });
    disposer.add(() => bot.remove());
    bots.push(bot);
  }
  const { server: postgresServer, sql, name: databaseName, url: databaseUrl } = database;
  return {
    workspace,
    dovecot,
    postgres: postgresServer,
    sql,
    databaseName,
    databaseUrl,
    bots,
    configs,
    clockFile,
    close: () => disposer.dispose(),
  };
}

interface RoundDatabase {
  readonly server: PostgresServer;
  readonly name: string;
  readonly url: string;
  readonly sql: postgres.Sql;
}

async function startDatabase(
  plan: RoundPlan,
  shared: PostgresServer,
  disposer: Disposer,
): Promise<RoundDatabase> {
  const needs = plan.faults.map(({ name }) => faultKinds[name].database).find(Boolean);
  const server = needs === undefined ? shared : await startDatabaseServer(needs === 'small-disk');
  if (server !== shared) disposer.add(() => server.stop());
  const url = await server.createDatabase();
  const connection = { application_name: ownSessions };
  const sql = postgres(url, { max: 2, onnotice: () => {}, connect_timeout: 5, connection });
  disposer.add(() => sql.end({ timeout: 1 }));
  return { server, name: path.basename(new URL(url).pathname), url, sql };
}

interface LinkOptions {
  readonly plan: RoundPlan;
  readonly machine: Machine;
  readonly dovecot: Dovecot;
  readonly workspace: Workspace;
  readonly database: RoundDatabase;
  readonly disposer: Disposer;
}

async function createLinks({ plan, machine, dovecot, workspace, database, disposer }: LinkOptions) {
  const host = '127.0.0.1';
  const slackPort = Number(new URL(workspace.url).port);
  const slack = await createLink(machine.hostAddress, { host, port: slackPort });
  const mail = await createLink(machine.hostAddress, { host, port: dovecot.imapsPort });
  const isLinked = plan.faults.some(({ name }) => faultKinds[name].needsDatabaseLink);
  const { port } = database.server;
  const link = isLinked ? await createLink(machine.hostAddress, { host, port }) : null;
  const endRelay = await startRelay(machine, [
    `${slackPort}=${machine.hostAddress}:${slack.port}`,
    `${dovecot.imapsPort}=${machine.hostAddress}:${mail.port}`,
  ]);
  disposer.add(async () => endRelay());
  return { slack, mail, database: link };
}

function writeConfig(folder: string, plan: RoundPlan, dovecot: Dovecot, workspace: Workspace): string {
  mkdirSync(folder);
  const at = (name: string) => path.join(folder, name);
  const { imapsPort: port } = dovecot;
  const config = {
    timeZone: 'UTC',
    database: { dataDir: './data' },
    slack: { apiUrl: workspace.apiUrl },
    intake: {
      imap: [{ name: 'alerts', host: '127.0.0.1', port, tlsCaFile: 'mail-ca.pem', user: mailUser }],
      smtp: { host: '0.0.0.0', port: ports.smtp, allowFrom: ['198.18.0.0/15'] },
      http: { host: '0.0.0.0', port: ports.http, sources: [{ name: 'ops' }] },
    },
    validation: { domains: ['example.net'], nodes: ['int-*', 'client-*'] },
    thresholds: [{ over: 'device', count: 4, within: '30m' }],
    rootCause: 'none',
    inventory: { csv: 'inventory.csv' },
    diagnosis: { pings: 1, timeout: '300ms' },
    recovery: 'off',
    routing: { regions: { eu: { channel } }, fallbackChannel: 'maint-unknown' },
    // Many tries, so that a round that breaks things for a minute need not wait for an hour.
    delivery: { schedule: ['0s', '30s', '30s', '30s', '30s', '1m', '1m', '1m'] },
  };
  writeFileSync(at('mail-ca.pem'), dovecot.tlsCa);
  writeFileSync(at('inventory.csv'), writeInventory(devicesOf(plan)));
  writeFileSync(at('restage.yaml'), stringify(config));
  return at('restage.yaml');
}

/** Addresses are of the bot's own machine, so that they answer to pings. */
function writeInventory(devices: readonly string[]): string {
  const rows = [`${distributionServer},,127.1.0.1,,eu,Koeln,B3,201,`].concat(
    devices.map((name, index) => `${name},,127.2.0.${index + 1},,eu,Koeln,B3,201,${distributionServer}`),
  );
  return `name,fqdn,ip,mac,region,site,building,room,upstream\n${rows.join('\n')}\n`;
}
