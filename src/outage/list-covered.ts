import type { Device, Inventory } from '../domain/device.ts';
import type { OutageTarget } from '../domain/outage.ts';
import { isCovered, locateDevice } from './whereabouts.ts';

const unsaid = { region: null, building: null };

/** The devices of the inventory that an outage of this target concerns. */
export function listCovered(target: OutageTarget, inventory: Inventory): readonly Device[] {
  if (target.kind === 'device') {
    const device = inventory.find(target.name);
    return device ? [device] : [];
  }
  if (target.kind === 'server') {
    const server = inventory.find(target.name);
    return server ? [server, ...inventory.behind(server.name)] : [];
  }
  return inventory.all().filter(({ name }) => isCovered(locateDevice(name, inventory, unsaid), target));
}
