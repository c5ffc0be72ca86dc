import type { Device } from '../domain/device.ts';
import type { Evidence } from '../domain/diagnosis.ts';
import type { InspectionDeps } from './deps.ts';

/** A route is followed no longer than this: silent hops take a second each. */
const routeLimitMs = 20_000;
const pingLimitMs = 30_000;

/** Pings the device; where it is silent, follows the route to it and pings it again, and the one above it. */
export async function gatherEvidence(
  deps: InspectionDeps,
  name: string,
  device: Device | null,
): Promise<Evidence> {
  const { prober, clock } = deps;
  const { pings } = deps.policies.diagnosis;
  const address = addressOf(device) ?? name;
  const above = addressOf(device?.upstream ? deps.inventory.find(device.upstream) : null);
  const ping = (target: string, count: number) =>
    prober.ping(target, count, AbortSignal.timeout(pingLimitMs));
  const first = await ping(address, 1);
  if (first.received > 0) return { target: first, upstream: null, route: null, probedAt: clock.now() };
  // Before the other pings: routers limit how many of them they complain about.
  const route = await prober.traceroute(address, AbortSignal.timeout(routeLimitMs)).catch(() => null);
  const [target, upstream] = await Promise.all([ping(address, pings), above ? ping(above, pings) : null]);
  return { target, upstream, route, probedAt: clock.now() };
}

function addressOf(device: Device | null): string | null {
  return device?.ip ?? device?.fqdn ?? device?.name ?? null;
}
