import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import type { Prober } from '../../domain/diagnosis.ts';
import { connectionLog, packagePath, startClients } from './clients.ts';
import { inventoryCsv } from './inventory.ts';
import { createSiteProber } from './prober.ts';
import { generateKeyPair } from './key-pair.ts';
import { startSshServer } from './ssh-server.ts';

export const clientNames = Array.from({ length: 210 }, (_, n) => `client-${String(n + 1).padStart(3, '0')}`);
/** The link breaks after so many deliveries: these clients have the package, the others do not. */
export const deliveredBeforeFault = 10;
const packageName = 'edge-agent-4.12.3.deb';

export interface Site {
  /** `restage.yaml` of a bot that looks after this site; its mail comes to `smtpPort`. */
  writeConfig(options: { readonly slackApiUrl: string; readonly smtpPort: number }): string;
  readonly prober: Prober;
  /** int-38 distributes the package to its clients, as its operators would; answers the exit code. */
  distribute(smtpPort: number): Promise<number>;
  repair(): Promise<void>;
  /** Addresses that begin so answer no probe, from now on until they are mended. */
  silence(...addresses: readonly string[]): void;
  /** Whether the client has the package, whole. */
  hasPackage(client: string): boolean;
  /** How often somebody connected to the client. */
  connectionsTo(client: string): number;
  close(): Promise<void>;
}

/** Builds a small site of servers in a folder: int-38, its clients, and the link between them, which will break. */
export async function startSite(folder: string): Promise<Site> {
  const places = layOut(folder);
  const content = readFileSync(path.join(places.packages, packageName));
  const digest = sha256(content);
  const clients = await startClients(places.clients, deliveredBeforeFault);
  const silent = new Set<string>();
  const env = {
    PATH: `${places.bin}:/usr/local/bin:/usr/bin:/bin`,
    HOME: places.home,
    SITE_CLIENTS_PORT: String(clients.port),
    RESTAGE_RECORD_CONF: places.recorderConfig,
  };
  const hostKeys = generateKeyPair();
  const botKeys = generateKeyPair();
  writeFileSync(places.botKey, botKeys.private, { mode: 0o600 });
  const ssh = await startSshServer({ hostKey: hostKeys.private, authorizedKey: botKeys.public, env });

  return {
    prober: createSiteProber((address) => [...silent].some((start) => address.startsWith(start))),
    silence: (...addresses) => addresses.forEach((address) => silent.add(address)),
    writeConfig({ slackApiUrl, smtpPort }) {
      const hostKey = fingerprintOf(hostKeys.public);
      writeFileSync(places.config, siteConfig({ slackApiUrl, smtpPort, sshPort: ssh.port, hostKey, places }));
      return places.config;
    },
    async distribute(smtpPort) {
      writeRecorderConfig(places, smtpPort);
      silent.add('10.38.');
      return runDistribution(places, env);
    },
    async repair() {
      silent.delete('10.38.');
      await clients.mend();
    },
    hasPackage(client) {
      const file = packagePath(places.clients, client, packageName);
      return existsSync(file) && sha256(readFileSync(file)) === digest;
    },
    connectionsTo(client) {
      const file = connectionLog(places.clients, client);
      return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length : 0;
    },
    async close() {
      await ssh.close();
      await clients.close();
    },
  };
}

type Places = ReturnType<typeof layOut>;

function layOut(folder: string) {
  const at = (name: string) => path.join(folder, name);
  const places = {
    bin: at('bin'),
    home: at('home'),
    packages: at('packages'),
    clients: at('clients'),
    logs: at('logs'),
    data: at('data'),
    config: at('restage.yaml'),
    inventory: at('inventory.csv'),
    recorder: at('bin/restage-record'),
    recorderConfig: at('restage-record.conf'),
    botKey: at('bot-key'),
  };
  for (const name of ['bin', 'home', 'packages', 'clients', 'logs'] as const) {
    mkdirSync(places[name], { recursive: true });
  }
  writeFileSync(path.join(places.packages, packageName), randomBytes(20_000));
  writeFileSync(places.inventory, inventoryCsv(clientNames));
  copyFileSync(new URL('../../recorder/restage-record', import.meta.url), places.recorder);
  const pkgPush = new URL('./pkg-push.js', import.meta.url).pathname;
  const script = `#!/bin/sh\nexec '${process.execPath}' '${pkgPush}' "$@"\n`;
  writeFileSync(path.join(places.bin, 'pkg-push'), script);
  chmodSync(path.join(places.bin, 'pkg-push'), 0o755);
  chmodSync(places.recorder, 0o755);
  return places;
}

/** As an administrator sets the recorder up on a server; see the README. */
function writeRecorderConfig(places: Places, smtpPort: number): void {
  const lines = [
    'SERVER=int-38',
    'REGION=eu',
    `LOG_DIR=${places.logs}`,
    'MAIL_TO=dist-alerts@ops.example.net',
    'MAIL_FROM=restage@int-38.eu.example.net',
    `SMTP=127.0.0.1:${smtpPort}`,
    'OK_PATTERN=^([a-z0-9-]+): delivered',
    'FAILED_PATTERN=^([a-z0-9-]+): failed: ',
  ];
  writeFileSync(places.recorderConfig, `${lines.join('\n')}\n`);
}

function runDistribution(places: Places, env: Record<string, string>): Promise<number> {
  const recorder = [
    '--job',
    'edge-agent-eu',
    '--package',
    packageName,
    '--recipients',
    clientNames.join(','),
  ];
  const command = ['pkg-push', '--package', packageName, '--replace=client-012', ...clientNames];
  const child = spawn(places.recorder, [...recorder, '--', ...command], {
    cwd: places.packages,
    env,
    stdio: 'ignore',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
}

interface SiteConfigValues {
  readonly slackApiUrl: string;
  readonly smtpPort: number;
  readonly sshPort: number;
  readonly hostKey: string;
  readonly places: Places;
}

function siteConfig({ slackApiUrl, smtpPort, sshPort, hostKey, places }: SiteConfigValues): string {
  return `# The demo's site. A real one differs in addresses only.
timeZone: Europe/Berlin
database: { dataDir: ${places.data} }
slack: { apiUrl: ${slackApiUrl} }
health: { port: 0 }
intake:
  smtp: { port: ${smtpPort}, allowFrom: [127.0.0.0/8] }
validation:
  domains: [example.net]
inventory: { csv: ${places.inventory} }
thresholds:
  - { count: 4, within: 30m }
  - { failure: connection, region: eu, over: server, count: 50, within: 30m }
rootCause: { devices: 5, within: 15m, settle: 1s }
onCall:
  schedules:
    apac-first: { timeZone: Asia/Tokyo, rotation: { every: 1w, start: 2026-01-05T08:00, users: [U0ANA] } }
    apac-second: { timeZone: Asia/Tokyo, rotation: { every: 1w, start: 2026-01-05T08:00, users: [U0BEN] } }
paging:
  policies:
    apac: { steps: [{ notify: [apac-first], after: 0s }, { notify: [apac-second], after: 10m }] }
  rules:
    - { match: { device: int-77 }, policy: apac }
routing:
  regions:
    eu: { channel: maint-eu, domains: [eu.example.net] }
    apac: { channel: maint-apac, domains: [apac.example.net] }
  fallbackChannel: maint-eu
  rules:
    - { match: { region: apac, failure: package }, hold: { every: day, at: 08:00, timeZone: Asia/Tokyo } }
servers:
  int-38:
    host: 127.0.0.1
    port: ${sshPort}
    user: ${JSON.stringify(userInfo().username)}
    privateKeyFile: ${places.botKey}
    hostKey: ${hostKey}
    logDirectory: ${places.logs}
    recorder: ${places.recorder}
    allow:
      - program: pkg-push
        flags:
          - { name: --package, value: '[\\w.+-]+' }
          - { name: --replace, value: 'client-\\d{3}' }
        arguments: ['client-\\d{3}']
        list: arguments
        directories: ['${places.packages.replaceAll(/[^\w/-]/g, String.raw`\$&`)}']
log: { level: warn }
`;
}

/** As `ssh-keygen -lf` prints it. */
function fingerprintOf(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
