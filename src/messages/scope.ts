import type { Cause, Origin } from '../domain/root-cause.ts';
import type { Ticket } from '../domain/ticket.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { renderMarkup } from './notice.ts';
import type { ChatMessage } from '../domain/chat.ts';
import { countOf, listNames } from './wording.ts';

/** A ticket about more than a device, as people see it. */
export interface ScopeView {
  /** `package geo-db 7`, `region eu`, `the whole network`. */
  readonly title: string;
  readonly label: string;
  readonly origins: readonly Origin[];
}

const causes: Readonly<Record<Cause['reason'], string>> = {
  'fails-at-several-servers': 'it fails at several servers',
  'other-packages-fail-there': 'other packages fail there as well',
  'devices-behind-it-fail': 'devices directly behind it fail in the same way',
  'several-packages-fail-through-it': 'several packages or jobs fail through it',
  'fails-behind-one-server': 'it fails behind one server only',
  'several-parts-fail': 'several parts of it fail at once',
  'one-device-fails': 'one device fails',
};

const causeWords: Readonly<Record<Cause['kind'], string>> = {
  package: 'The package',
  job: 'The job',
  server: 'The server',
  'package-or-server': 'Package or server: not yet known',
  unknown: 'Not yet known',
};

/** `The package: it fails at several servers`. */
export function describeCause({ kind, reason, servers }: Cause): string {
  const where = servers.length > 0 ? ` (${listNames(servers, 5)})` : '';
  const separator = kind === 'package-or-server' ? '; ' : ': ';
  return `${causeWords[kind]}${separator}${causes[reason]}${where}`;
}

/** `2 regions: eu (12 alerts of 7 devices), us (3 alerts of 2 devices)`. */
export function describeRegions(origins: readonly Origin[]): string {
  const regions = sumBy(origins, ({ region }) => region ?? 'region not known');
  const shown = regions
    .slice(0, 8)
    .map(([name, sum]) => `${escapeText(clampText(name, 60))} (${describeSum(sum)})`);
  const more = regions.length > 8 ? ` and ${regions.length - 8} more` : '';
  return `${countOf(regions.length, 'region')}: ${shown.join(', ')}${more}`;
}

/** `3 servers: int-38 (9), int-58 (4), int-59 (2)`, with their alerts. */
export function describeServers(origins: readonly Origin[]): string {
  const servers = sumBy(origins, ({ server }) => server ?? 'server not known');
  const shown = servers
    .slice(0, 8)
    .map(([name, { alerts }]) => `${codeSpan(clampText(name, 60))} (${alerts})`);
  const more = servers.length > 8 ? ` and ${servers.length - 8} more` : '';
  return `${countOf(servers.length, 'server')}: ${shown.join(', ')}${more}`;
}

/** The line in another region's channel about a ticket that concerns it; edited once the problem is over. */
export function renderElsewhere(
  { id, channel, state }: Pick<Ticket, 'id' | 'channel' | 'state'>,
  { title, origins }: ScopeView,
  region: string,
  link: string | null,
): ChatMessage {
  const name = `*${escapeText(clampText(title, 120))}*`;
  const ticket = link === null ? `ticket ${id}` : `<${link}|ticket ${id}>`;
  const where = channel === null ? '' : ` in #${escapeText(channel)}`;
  if (state === 'resolved' || state === 'joined') {
    return renderMarkup(`:white_check_mark: ${name} is over: ${ticket}${where}.`);
  }
  const here = sumBy(
    origins.filter((one) => one.region === region.toLowerCase()),
    () => region,
  )[0]?.[1];
  const count = here ? ` (${describeSum(here)})` : '';
  return renderMarkup(
    `:red_circle: ${name} fails in ${escapeText(clampText(region, 60))} too${count}: see ${ticket}${where}.`,
  );
}

type Sum = Pick<Origin, 'alerts' | 'devices'>;

function describeSum({ alerts, devices }: Sum): string {
  return `${countOf(alerts, 'alert')} of ${countOf(devices, 'device')}`;
}

/** The most alerts first. */
function sumBy(origins: readonly Origin[], keyOf: (origin: Origin) => string): readonly [string, Sum][] {
  const sums = new Map<string, Sum>();
  for (const origin of origins) {
    const key = keyOf(origin);
    const { alerts, devices } = sums.get(key) ?? { alerts: 0, devices: 0 };
    sums.set(key, { alerts: alerts + origin.alerts, devices: devices + origin.devices });
  }
  return [...sums].toSorted(([a, x], [b, y]) => y.alerts - x.alerts || (a < b ? -1 : 1));
}
