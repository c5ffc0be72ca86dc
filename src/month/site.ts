import { stringify } from 'yaml';
import type { Device } from '../domain/device.ts';

interface Region {
  readonly name: string;
  readonly timeZone: string;
}

/** The simulated network: five regions, twelve servers and the devices behind them, three hundred in all. */
const regions: readonly [Region, ...Region[]] = [
  { name: 'eu', timeZone: 'Europe/Berlin' },
  { name: 'west', timeZone: 'America/Los_Angeles' },
  { name: 'east', timeZone: 'America/New_York' },
  { name: 'apac', timeZone: 'Asia/Tokyo' },
  { name: 'india', timeZone: 'Asia/Kolkata' },
];
const serverCount = 12;
const clientsBehindEach = 24;
/** Of each server's clients the last ones are mirrors: each failure of their nightly jobs counts. */
const mirrorsBehindEach = 4;

export const master = 'dist-01';
export const servers: readonly string[] = Array.from(
  { length: serverCount },
  (_, n) => `int-${digits(n + 1, 2)}`,
);

const masterDevice = device(master, '10.0.0.1', null, 0, ['master']);
export const devices: readonly Device[] = [
  masterDevice,
  ...servers.map((name, n) => device(name, `10.${n + 1}.0.1`, master, n, ['server'])),
  ...servers.flatMap((server, n) =>
    Array.from({ length: clientsBehindEach }, (_, client) => {
      const isMirror = client >= clientsBehindEach - mirrorsBehindEach;
      const name = `client-${digits(n * clientsBehindEach + client + 1, 3)}`;
      return device(name, `10.${n + 1}.1.${client + 1}`, server, n, [isMirror ? 'mirror' : 'client']);
    }),
  ),
];
const byName = new Map(devices.map((one) => [one.name, one]));

/** @throws Error if there is no device of that name. */
export function deviceOf(name: string): Device {
  const found = byName.get(name);
  if (!found) throw new Error(`no such device in the simulated network: ${name}`);
  return found;
}

export function clientsOf(server: string, group: 'client' | 'mirror' | 'any' = 'any'): readonly string[] {
  const behind = devices.filter(({ upstream }) => upstream === server);
  return behind.filter(({ groups }) => group === 'any' || groups.includes(group)).map(({ name }) => name);
}

export function zoneOf(name: string): string {
  return regions.find((region) => region.name === deviceOf(name).region)?.timeZone ?? 'UTC';
}

/** The domain that mail of this device comes from. */
export function domainOf(name: string): string {
  return `${deviceOf(name).region}.example.net`;
}

export const channels: readonly string[] = [...regions.map(({ name }) => `maint-${name}`), 'maint-unknown'];

/** `restage.yaml` of the site: what it has to say itself, and defaults otherwise. */
export function siteConfig(): string {
  return stringify({
    timeZone: 'Europe/Berlin',
    intake: { smtp: {} },
    validation: { domains: ['example.net'] },
    formats: ['plain', pushFormat, 'ftpsync', 'cron', 'nagios'],
    failures: [
      { type: 'connection', pattern: '(?i)zeitüberschreitung|attente de connexion|接続がタイムアウト' },
      { type: 'access', pattern: '(?i)zugriff verweigert|accès refusé|アクセスが拒否' },
    ],
    thresholds: [
      { count: 4, within: '30m' },
      { over: 'package', count: 4, within: '30m' },
      { group: 'mirror', failure: 'package', count: 1, within: '1h' },
    ],
    diagnosis: { pings: 2 },
    routing: {
      regions: Object.fromEntries(
        regions.map(({ name, timeZone }) => [
          name,
          { channel: `maint-${name}`, domains: [`${name}.example.net`], timeZone },
        ]),
      ),
      fallbackChannel: 'maint-unknown',
    },
  });
}

/** The site's own tool: its mail says of each job at each device whether it failed or was done. */
const pushFormat = {
  name: 'push',
  literals: [{ in: 'subject', text: '[push]' }],
  match: [{ in: 'subject', pattern: String.raw`^\[push\] (?:FAILED|DONE) ` }],
  extract: [
    { in: 'subject', pattern: String.raw`^\[push\] \w+ (?<package>\S+) -> (?<device>\S+)` },
    { in: 'body', pattern: '^job=(?<job>.+)$' },
    { in: 'body', pattern: '^via=(?<distributionServer>.+)$' },
    { in: 'body', pattern: '^at=(?<at>.+)$' },
    { in: 'body', pattern: '^error=(?<announced>.+)$' },
  ],
  recovers: [{ in: 'subject', pattern: String.raw`^\[push\] DONE ` }],
};

function device(name: string, ip: string, upstream: string | null, at: number, groups: string[]): Device {
  const region = (regions[at % regions.length] ?? regions[0]).name;
  const place = { site: region.toUpperCase(), building: `B${at + 1}`, room: '201' };
  return { name, fqdn: `${name}.${region}.example.net`, ip, mac: null, region, ...place, upstream, groups };
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
