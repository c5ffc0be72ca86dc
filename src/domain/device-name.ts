import type { Device, Inventory } from './device.ts';

/** What a device is called here, however it is written: the inventory's name for it, else as written, in lower case. */
export function nameDevice(written: string, inventory: Inventory): string {
  const name = written.toLowerCase().replace(/\.$/, '');
  return findDevice(name, inventory)?.name ?? name;
}

/** Also by the first labels of its full name: `int-38.eu` is `int-38.eu.example.net`. */
export function findDevice(name: string, inventory: Inventory): Device | null {
  const found = inventory.find(name);
  if (found !== null) return found;
  const short = inventory.find(shortName(name));
  return short?.fqdn?.startsWith(`${name}.`) === true ? short : null;
}

/** The first label of a host name, in lower case; an address stays as it is. */
export function shortName(host: string): string {
  const name = host.toLowerCase();
  return isAddress(name) ? name : (name.split('.')[0] ?? name);
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^[\d.]+$/.test(name);
}
