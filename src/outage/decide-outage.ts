import type { Device, Outage } from '../domain/device.ts';
import { normalizeIdentifier } from '../domain/identifier.ts';

export interface OutageDecision {
  readonly out: boolean;
  /** The outage that covers the time; of several the one that ends last. */
  readonly outage: Outage | null;
  readonly reason: 'out-for-maintenance' | 'outage-at-another-time' | 'no-outage';
}

/** `name` is the inventory's, or what the alert called the device when the inventory does not know it. */
export type OutageSubject = Pick<Device, 'name' | 'ip' | 'mac'> & { readonly fqdn?: string | null };

/** Whether a device is out for maintenance at a time (A10): from ≤ at < until. */
export function decideOutage(outages: readonly Outage[], device: OutageSubject, at: Date): OutageDecision {
  const own = outages.filter((outage) => concerns(outage, device));
  const current = own
    .filter((outage) => outage.from <= at && at < outage.until)
    .toSorted((a, b) => b.until.getTime() - a.until.getTime());
  const outage = current[0] ?? null;
  if (outage !== null) return { out: true, outage, reason: 'out-for-maintenance' };
  return { out: false, outage: null, reason: own.length > 0 ? 'outage-at-another-time' : 'no-outage' };
}

function concerns(outage: Outage, device: OutageSubject): boolean {
  const written = normalizeIdentifier(outage.device);
  const name = normalizeIdentifier(device.name);
  const others = [device.fqdn, device.ip, device.mac].filter((identifier) => typeof identifier === 'string');
  if ([name, ...others.map(normalizeIdentifier)].includes(written)) return true;
  return typeof device.fqdn !== 'string' && (isShortFor(written, name) || isShortFor(name, written));
}

/** Where no full name is known, a short name stands for every full name that begins with it. */
function isShortFor(short: string, full: string): boolean {
  return /[a-z]/.test(short) && !short.includes('.') && full.startsWith(`${short}.`);
}
