import type { PingResult } from '../../domain/diagnosis.ts';
import type { Deps } from '../deps.ts';

const pingLimitMs = 30_000;

/** Pings a device by its address in the inventory, else by its name, within 30 s. Rejects where that can't be done. */
export async function pingDevice(deps: Deps, name: string): Promise<PingResult> {
  const device = deps.inventory.find(name);
  const address = device?.ip ?? device?.fqdn ?? device?.name ?? name;
  return deps.prober.ping(address, deps.policies.diagnosis.pings, AbortSignal.timeout(pingLimitMs));
}
