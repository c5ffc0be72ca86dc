import type { Outage } from '../device.ts';

/** Planned outages. */
export interface OutageTx {
  outages(): Promise<readonly Outage[]>;
  addOutage(outage: Omit<Outage, 'id'>, createdBy: string): Promise<void>;
}
