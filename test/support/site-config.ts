import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { DistributionServer } from './distribution-server.ts';
import type { Dovecot } from './dovecot.ts';

/** The user whose mailbox the bot reads. */
export const mailUser = 'dist-alerts';
export const tokens = { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_APP_TOKEN: 'xapp-test' } as const;
export const people = [
  { id: 'U0ANA', name: 'ana', realName: 'Ana Costa', tz: 'Europe/Berlin' },
  { id: 'U0BEN', name: 'ben', realName: 'Ben Okafor', tz: 'Europe/London' },
] as const;
export const [ana, ben] = [people[0].id, people[1].id];

/** A device of the inventory: its address is near, so that it answers to pings. */
export interface SiteDevice {
  readonly name: string;
  readonly ip: string;
  readonly room: string;
  readonly upstream?: string;
}

export interface SiteConfigOptions {
  /** Takes the config, the inventory and the bot's data. */
  readonly folder: string;
  readonly slackApiUrl: string;
  /** Connections to Slack; default: the bot's own. */
  readonly sockets?: number;
  readonly dovecot: Dovecot;
  readonly devices: readonly SiteDevice[];
  readonly thresholds: readonly object[];
  /** How devices are pinged; left out: as the bot does it by itself. */
  readonly diagnosis?: object;
  readonly int38?: {
    readonly server: DistributionServer;
    /** The commands that may be run again. */
    readonly allow: readonly object[];
    /** How many commands run at the same time; left out: one. */
    readonly atOnce?: number;
    /** How the first recipients go ahead; left out: they do not. */
    readonly canary?: object;
    /** Beside the recorder's. */
    readonly logs?: readonly object[];
  };
}

/** Writes `restage.yaml` of a bot that reads a mailbox and looks after int-38; answers its path. */
export function writeSiteConfig(options: SiteConfigOptions): string {
  const { folder, slackApiUrl, sockets, dovecot, thresholds, diagnosis, int38 } = options;
  const at = (name: string) => path.join(folder, name);
  writeFileSync(at('inventory.csv'), inventory(options.devices));
  writeFileSync(at('mail-ca.pem'), dovecot.tlsCa);
  const mailbox = {
    name: 'alerts',
    host: '127.0.0.1',
    port: dovecot.imapsPort,
    tlsCaFile: 'mail-ca.pem',
    user: mailUser,
  };
  const config = {
    timeZone: 'Europe/Berlin',
    database: { dataDir: './data' },
    slack: { apiUrl: slackApiUrl, ...(sockets === undefined ? {} : { sockets }) },
    intake: { imap: [mailbox] },
    health: { port: 0 },
    validation: { domains: ['example.net'], nodes: ['int-*', 'client-*'] },
    thresholds,
    inventory: { csv: 'inventory.csv' },
    routing: {
      regions: { eu: { channel: 'maint-eu', domains: ['eu.example.net'] } },
      fallbackChannel: 'maint-unknown',
    },
    ...(diagnosis && { diagnosis }),
    ...(int38 && { servers: { 'int-38': serverConfig(int38) } }),
  };
  writeFileSync(at('restage.yaml'), stringify(config));
  return at('restage.yaml');
}

/** The bot's environment; without a URL it uses the embedded database. */
export function siteEnv(dovecot: Dovecot, databaseUrl: string | null): Readonly<Record<string, string>> {
  const database = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl };
  return { ...tokens, ...database, RESTAGE_IMAP_ALERTS_PASSWORD: dovecot.password };
}

function serverConfig({
  server,
  allow,
  atOnce = 1,
  canary,
  logs = [],
}: NonNullable<SiteConfigOptions['int38']>) {
  const { sshd, logDirectory, recorder } = server;
  return {
    host: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    privateKeyFile: sshd.clientKeyFile,
    hostKey: sshd.hostKeyFingerprint,
    logs: [{ adapter: 'record', path: `${logDirectory}/*.jsonl` }, ...logs],
    recorder,
    allow,
    atOnce,
    ...(canary && { canary }),
  };
}

function inventory(devices: readonly SiteDevice[]): string {
  const rows = devices.map(
    ({ name, ip, room, upstream = '' }) => `${name},,${ip},,eu,Köln,B3,${room},${upstream}`,
  );
  return `name,fqdn,ip,mac,region,site,building,room,upstream\n${rows.join('\n')}\n`;
}
