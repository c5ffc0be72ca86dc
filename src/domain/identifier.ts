/**
 * One spelling for each identifier of a device, so that two of them can be compared: lower case, MACs as
 * `aa:bb:cc:dd:ee:ff`, IPv6 addresses in the form of RFC 5952, names without the root's dot. Never throws.
 */
export function normalizeIdentifier(text: string): string {
  const trimmed = text.trim().toLowerCase();
  return normalizeMac(trimmed) ?? normalizeIpv6(trimmed) ?? trimmed.replace(/\.$/, '');
}

/** Colons, dashes or Cisco's dots; twelve hex digits without separators may be a host's name. */
function normalizeMac(text: string): string | null {
  if (
    !/^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4}[0-9a-f]{2}$/.test(text) &&
    !/^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/.test(text)
  ) {
    return null;
  }
  return text.replaceAll(/[^0-9a-f]/g, '').replaceAll(/..(?!$)/g, '$&:');
}

function normalizeIpv6(text: string): string | null {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (!bare.includes(':')) return null;
  const url = `http://[${bare}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : null;
}
