import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** More addresses of one name are not tried. */
const maxAddresses = 4;

const unprobeable = new BlockList();
unprobeable.addAddress('0.0.0.0');
unprobeable.addSubnet('224.0.0.0', 3);
unprobeable.addAddress('::', 'ipv6');
unprobeable.addSubnet('ff00::', 8, 'ipv6');

/**
 * The addresses behind a device's name or address, of all families, in the system's order. Empty for what
 * does not resolve, is no host's name, or is no single host's address (multicast, broadcast).
 */
export async function resolveAddresses(device: string): Promise<readonly string[]> {
  const addresses = isIP(device) === 0 ? await lookUp(device) : [device];
  const single = addresses.filter((ip) => !unprobeable.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4'));
  return single.slice(0, maxAddresses);
}

async function lookUp(name: string): Promise<readonly string[]> {
  if (!/^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_.])?$/i.test(name)) return [];
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
