import type { Inventory } from '../domain/device.ts';
import type { Scope } from '../domain/policy.ts';
import { upstreamOf } from './subject.ts';

/** Where an alert comes from, as far as it is known. */
export interface Origin {
  /** The device, by the inventory's name. */
  readonly device: string;
  readonly region: string | null;
  /** The distribution server that the alert names. */
  readonly distributionServer: string | null;
}

/** What the inventory says of servers and regions, read once for many alerts. */
export interface Topology {
  readonly inventory: Pick<Inventory, 'find'>;
  /** The devices that others are directly behind. */
  readonly servers: ReadonlySet<string>;
  readonly serversOfRegion: ReadonlyMap<string, ReadonlySet<string>>;
}

export function readTopology(inventory: Inventory): Topology {
  const servers = new Set<string>();
  const serversOfRegion = new Map<string, Set<string>>();
  for (const device of inventory.all()) {
    const server = upstreamOf(device, inventory);
    const region = device.region?.toLowerCase();
    const inRegion = region === undefined ? null : (serversOfRegion.get(region) ?? new Set<string>());
    if (region !== undefined && inRegion) serversOfRegion.set(region, inRegion);
    if (server === null) continue;
    servers.add(server);
    inRegion?.add(server);
  }
  return { inventory, servers, serversOfRegion };
}

/** Names the next narrower part that an alert is from. */
export type PartOf = (origin: Origin) => string;

const byDevice: PartOf = ({ device }) => device;

/** Alerts whose server nobody knows are of one part: strangers are no second server. */
const noServer = 'no server known';

/**
 * Returns how a scope divides into its next narrower parts: the network into regions, a region, package or job into
 * servers, a server or building into devices. A level that the inventory knows only one of divides nothing, so the next
 * one does. `name` is the region's.
 */
export function partsOf(scope: Scope, name: string, topology: Topology): PartOf {
  const byServer: PartOf = (origin) => serverOf(origin, topology) ?? origin.device;
  const { servers, serversOfRegion } = topology;
  switch (scope) {
    case 'device':
    case 'server':
    case 'building':
      return byDevice;
    case 'package':
    case 'job':
      return (origin) => serverOf(origin, topology) ?? noServer;
    case 'region':
      return (serversOfRegion.get(name.toLowerCase())?.size ?? 0) > 1 ? byServer : byDevice;
    case 'network':
      if (serversOfRegion.size > 1) return (origin) => origin.region?.toLowerCase() ?? byServer(origin);
      return servers.size > 1 ? byServer : byDevice;
  }
}

/**
 * Returns the server that a device is, or is directly behind; where the inventory does not say, the distribution
 * server that the alert names. `null` if neither is known.
 */
function serverOf(origin: Origin, { inventory, servers }: Topology): string | null {
  const known = inventory.find(origin.device);
  if (known && servers.has(known.name)) return known.name;
  const upstream = upstreamOf(known, inventory);
  if (upstream !== null || origin.distributionServer === null) return upstream;
  return inventory.find(origin.distributionServer)?.name ?? origin.distributionServer.toLowerCase();
}
