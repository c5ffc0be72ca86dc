import type { Outage } from '../domain/outage.ts';
import type { Whereabouts } from './whereabouts.ts';
import { isCovered } from './whereabouts.ts';

export interface OutageDecision {
  readonly out: boolean;
  /** The outage that covers the time; of several the one that ends last. */
  readonly outage: Outage | null;
  readonly reason: 'out-for-maintenance' | 'outage-at-another-time' | 'no-outage';
}

/** Whether a device is out for maintenance at a time (A10): from ≤ at < until. */
export function decideOutage(outages: readonly Outage[], device: Whereabouts, at: Date): OutageDecision {
  const own = outages.filter((outage) => isCovered(device, outage.target));
  const current = own.filter((outage) => outage.from <= at && at < outage.until);
  const [outage] = current.toSorted((a, b) => b.until.getTime() - a.until.getTime());
  if (outage) return { out: true, outage, reason: 'out-for-maintenance' };
  return { out: false, outage: null, reason: own.length > 0 ? 'outage-at-another-time' : 'no-outage' };
}
