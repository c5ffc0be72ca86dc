import type { Device, Inventory } from '../domain/device.ts';
import { normalizeIdentifier } from '../domain/identifier.ts';
import type { OutageTarget } from '../domain/outage.ts';

/** All by which an outage can mean a device, each in the spelling of targets. */
export interface Whereabouts {
  /** As the inventory calls it; where it does not know it, as the alert did. */
  readonly name: string;
  readonly identifiers: ReadonlySet<string>;
  /** Its full name is not known: a short name stands for every full name that begins with it. */
  readonly isShort: boolean;
  readonly groups: ReadonlySet<string>;
  /** The identifiers of the device itself and of every device above it. */
  readonly servers: ReadonlySet<string>;
  readonly buildings: ReadonlySet<string>;
  readonly region: string | null;
}

/** What the mail says of a device's place; it serves where the inventory says nothing. */
export interface SaidPlace {
  readonly region: string | null;
  readonly building: string | null;
}

/** Where a device is in the network and on the map. */
export function locateDevice(identifier: string, inventory: Inventory, said: SaidPlace): Whereabouts {
  const device = inventory.find(identifier);
  const building = device?.building ?? said.building;
  const own = device ? identifiersOf(device) : [normalizeIdentifier(identifier)];
  const above = device ? listAbove(device, inventory).flatMap(identifiersOf) : [];
  return {
    name: device?.name ?? normalizeIdentifier(identifier),
    identifiers: new Set(own),
    isShort: device?.fqdn == null,
    groups: new Set(device?.groups.map(spellName)),
    servers: new Set([...own, ...above]),
    buildings: new Set(building === null ? [] : spellBuilding(device?.site ?? null, building)),
    region: optionalName(device?.region ?? said.region),
  };
}

/** Whether an outage of this target is one of the device. */
export function isCovered(place: Whereabouts, { kind, name }: OutageTarget): boolean {
  switch (kind) {
    case 'device':
      return place.identifiers.has(name) || (place.isShort && isShortForm(place.name, name));
    case 'group':
      return place.groups.has(name);
    case 'server':
      return place.servers.has(name);
    case 'building':
      return place.buildings.has(name);
    case 'region':
      return place.region === name;
  }
}

/** The devices above, the nearest first; an inventory may be wrong and lead in a circle. */
function listAbove(device: Device, inventory: Inventory): readonly Device[] {
  const way = new Set([device]);
  let next = device.upstream === null ? null : inventory.find(device.upstream);
  while (next && !way.has(next)) {
    way.add(next);
    next = next.upstream === null ? null : inventory.find(next.upstream);
  }
  return [...way].slice(1);
}

function identifiersOf({ name, fqdn, ip, mac }: Device): readonly string[] {
  return [name, fqdn, ip, mac].filter((identifier) => identifier !== null).map(normalizeIdentifier);
}

/** `b3`, and where the site is known `köln/b3`. */
function spellBuilding(site: string | null, building: string): readonly string[] {
  const name = spellName(building);
  return site === null ? [name] : [name, `${spellName(site)}/${name}`];
}

function spellName(name: string): string {
  return name.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

function optionalName(name: string | null): string | null {
  return name === null ? null : spellName(name);
}

function isShortForm(a: string, b: string): boolean {
  return startsFullName(a, b) || startsFullName(b, a);
}

function startsFullName(short: string, full: string): boolean {
  return /[a-z]/.test(short) && !short.includes('.') && full.startsWith(`${short}.`);
}
