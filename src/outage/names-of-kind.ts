import type { Device, Inventory } from '../domain/device.ts';
import type { TargetKind } from '../domain/outage.ts';

const namesOfDevice: Readonly<Record<TargetKind, (device: Device) => readonly (string | null)[]>> = {
  device: ({ name }) => [name],
  server: ({ name }) => [name],
  group: ({ groups }) => groups,
  building: ({ building }) => [building],
  region: ({ region }) => [region],
};

/** Returns the names that an outage of this kind can have, each once. */
export function namesOfKind(kind: TargetKind, inventory: Pick<Inventory, 'all'>): readonly string[] {
  const names = inventory.all().flatMap((device) => namesOfDevice[kind](device));
  return [...new Set(names)].filter((name) => name !== null);
}
