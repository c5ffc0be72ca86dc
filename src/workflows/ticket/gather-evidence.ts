import type { Device } from '../../domain/device.ts';
import type { Evidence, PathDevice, PingResult, PortResult } from '../../domain/diagnosis.ts';
import type { InspectionDeps } from '../deps.ts';

/** A route is followed no longer than this: silent hops take a second each. */
const routeLimitMs = 20_000;
const probeLimitMs = 30_000;
/** How far up the known way is looked: beyond that the fault is not the device's. */
const pathLength = 6;

/**
 * Pings the device (A11). Only where it is silent: follows the route to it, pings it again, asks its ports, and
 * pings the devices above it on the way that the inventory knows.
 */
export async function gatherEvidence(
  deps: InspectionDeps,
  name: string,
  device: Device | null,
): Promise<Evidence> {
  const { prober, clock } = deps;
  const { pings, ports } = deps.policies.diagnosis;
  const address = addressOf(device) ?? name;
  const ping = (target: string, count: number) =>
    prober.ping(target, count, AbortSignal.timeout(probeLimitMs));
  const first = await ping(address, 1);
  if (first.received > 0) {
    return { target: first, upstream: null, route: null, ports: [], path: [], probedAt: clock.now() };
  }
  // Before the other pings: routers limit how many of them they complain about.
  const route = await prober.traceroute(address, AbortSignal.timeout(routeLimitMs)).catch(() => null);
  const above = listAbove(deps, device);
  const [target, answers, aboveResults] = await Promise.all([
    ping(address, pings),
    askPorts(deps, address, ports),
    Promise.all(above.map((one) => ping(one.address, pings))),
  ]);
  const path = above.map((one, index) => withAnswer(one, aboveResults[index]));
  return {
    target,
    upstream: aboveResults[0] ?? null,
    route,
    ports: answers,
    path,
    probedAt: clock.now(),
  };
}

type Place = Pick<PathDevice, 'name' | 'address'>;

/** The devices above, the nearest first; an inventory may be wrong and lead in a circle. */
function listAbove(deps: InspectionDeps, device: Device | null): readonly Place[] {
  const way: Place[] = [];
  const seen = new Set([device?.name]);
  let next = device?.upstream ? deps.inventory.find(device.upstream) : null;
  while (next && !seen.has(next.name) && way.length < pathLength) {
    seen.add(next.name);
    way.push({ name: next.name, address: addressOf(next) ?? next.name });
    next = next.upstream ? deps.inventory.find(next.upstream) : null;
  }
  return way;
}

function withAnswer(place: Place, result: PingResult | undefined): PathDevice {
  return { ...place, answered: (result?.received ?? 0) > 0 };
}

function askPorts(
  { prober }: InspectionDeps,
  address: string,
  ports: readonly number[],
): Promise<readonly PortResult[]> {
  return Promise.all(ports.map((port) => prober.connect(address, port, AbortSignal.timeout(probeLimitMs))));
}

function addressOf(device: Device | null): string | null {
  return device?.ip ?? device?.fqdn ?? device?.name ?? null;
}
