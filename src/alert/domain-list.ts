import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Finds the entry of a domain list that covers a domain (A2): the whole domain, or what follows its first, second …
 * dot. Only whole labels count: `evil-example.com` is not below `example.com`. An address literal is covered by the
 * same address or by a CIDR range, never by a name. Case and a final dot do not matter.
 */
export function findListedDomain(domain: string, list: readonly string[]): string | null {
  const address = readAddress(domain);
  const covers = address === null ? coversName(normalizeName(domain)) : coversAddress(address);
  return list.find(covers) ?? null;
}

function coversName(name: string): (entry: string) => boolean {
  return (entry) => {
    const tail = normalizeName(entry);
    return tail !== '' && readAddress(tail) === null && (name === tail || name.endsWith(`.${tail}`));
  };
}

function coversAddress(address: Address): (entry: string) => boolean {
  return (entry) => {
    if (!ipaddr.isValidCIDR(entry)) return readAddress(entry)?.toString() === address.toString();
    const [network, prefixLength] = ipaddr.parseCIDR(entry);
    return network.kind() === address.kind() && address.match(network, prefixLength);
  };
}

/** Reads four-part IPv4 and IPv6; an IPv4 address mapped into IPv6 counts as IPv4. */
function readAddress(text: string): Address | null {
  // Most are names: the library finds that out by exceptions, which cost more than all the rest.
  if (!/^[\d.]+$|:/.test(text)) return null;
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  return isAddress ? ipaddr.process(text) : null;
}

function normalizeName(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}
