import type { Device, Inventory } from '../../src/domain/device.ts';
import { indexInventory } from '../../src/domain/inventory-index.ts';

/** A device of which nothing is known but what is given. */
export function deviceOf(device: Pick<Device, 'name'> & Partial<Device>): Device {
  const nothing = { fqdn: null, ip: null, mac: null, region: null, site: null, building: null, room: null };
  return { ...nothing, upstream: null, groups: [], ...device };
}

/** An inventory of the devices given; what is not given is not known. */
export function inventoryOf(...devices: readonly (Pick<Device, 'name'> & Partial<Device>)[]): Inventory {
  return indexInventory(devices.map(deviceOf));
}
