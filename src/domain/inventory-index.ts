import type { Device, Inventory } from './device.ts';
import { groupBy } from './group-by.ts';
import { normalizeIdentifier } from './identifier.ts';

/** An inventory of these devices, which does not change. Of two devices with one identifier the later is found. */
export function indexInventory(devices: readonly Device[]): Inventory {
  const byIdentifier = new Map(
    devices.flatMap((device) => identifiersOf(device).map((identifier) => [identifier, device] as const)),
  );
  // Most are written as they are stored.
  const find = (identifier: string) =>
    byIdentifier.get(identifier) ?? byIdentifier.get(normalizeIdentifier(identifier)) ?? null;
  const children = groupBy(
    devices.filter(({ upstream }) => upstream !== null),
    ({ upstream }) => find(upstream ?? '')?.name ?? null,
  );
  return {
    find,
    all: () => devices,
    behind: (server) => {
      const top = find(server);
      return top === null ? [] : collectBelow(top, children);
    },
  };
}

/** Files may name each other in a circle: a device is taken once, and the one at the top never. */
function collectBelow(
  top: Device,
  children: ReadonlyMap<string | null, readonly Device[]>,
): readonly Device[] {
  const taken = new Set([top]);
  // A set that grows while it is walked: everything added is visited too.
  for (const device of taken) {
    for (const child of children.get(device.name) ?? []) taken.add(child);
  }
  return [...taken].slice(1);
}

function identifiersOf({ name, fqdn, ip, mac }: Device): readonly string[] {
  return [name, fqdn, ip, mac].filter((identifier) => identifier !== null).map(normalizeIdentifier);
}
