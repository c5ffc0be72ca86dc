import type { AlertFields } from '../domain/alert.ts';
import type { Device, Inventory } from '../domain/device.ts';

type Counted = Pick<
  AlertFields,
  'failure' | 'package' | 'job' | 'device' | 'distributionServer' | 'region' | 'building'
>;

/** What counting knows of an alert. Devices and servers go by the inventory's names, their places by its word. */
export interface AlertSubject {
  readonly failure: string;
  readonly package: string | null;
  readonly job: string | null;
  readonly device: string;
  /** The device's groups, the one that decides first. */
  readonly groups: readonly string[];
  readonly building: string | null;
  /** The distribution server. */
  readonly server: string | null;
  readonly region: string | null;
  /** The device directly above; null: none, or not known. */
  readonly upstream: string | null;
}

/** Looks an alert up in the inventory; what that does not know is taken from the alert. */
export function describeSubject(alert: Counted, inventory: Pick<Inventory, 'find'>): AlertSubject {
  const device = inventory.find(alert.device);
  return {
    failure: alert.failure,
    package: alert.package,
    job: alert.job,
    device: device?.name ?? alert.device.toLowerCase(),
    groups: device?.groups ?? [],
    building: device?.building ?? alert.building,
    server: nameOf(alert.distributionServer, inventory),
    region: device?.region ?? alert.region,
    upstream: upstreamOf(device, inventory),
  };
}

/** The name of the device directly above, as the inventory spells it. */
export function upstreamOf(device: Device | null, inventory: Pick<Inventory, 'find'>): string | null {
  return nameOf(device?.upstream ?? null, inventory);
}

function nameOf(identifier: string | null, inventory: Pick<Inventory, 'find'>): string | null {
  return identifier === null ? null : (inventory.find(identifier)?.name ?? identifier.toLowerCase());
}
