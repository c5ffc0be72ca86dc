import { createHmac } from 'node:crypto';

/** What a known_hosts file says about one server: keys as base64 blobs. */
export interface KnownKeys {
  readonly trusted: readonly { readonly type: string; readonly key: string }[];
  readonly revoked: ReadonlySet<string>;
}

/**
 * Reads OpenSSH's known_hosts format (sshd(8)): plain names with `*`, `?` and `!`, `[host]:port`, hashed names, `@revoked`.
 * Certificate authorities are left out, since certificates are not spoken here. Lines that cannot be read are skipped.
 */
export function findKnownKeys(text: string, host: string, port: number): KnownKeys {
  const name = (port === 22 ? host : `[${host}]:${port}`).toLowerCase();
  const trusted: { type: string; key: string }[] = [];
  const revoked = new Set<string>();
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [hosts, type, key] = fields;
    if (!hosts || hosts.startsWith('#') || !type || !key || !matchesHosts(hosts, name)) continue;
    if (marker === '@revoked') revoked.add(key);
    else if (marker === undefined) trusted.push({ type, key });
  }
  return { trusted: trusted.filter(({ key }) => !revoked.has(key)), revoked };
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name);
  const patterns = hosts.toLowerCase().split(',');
  const denied = patterns.some(
    (pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name),
  );
  return !denied && patterns.some((pattern) => matchesPattern(pattern, name));
}

function matchesHash(hosts: string, name: string): boolean {
  const [, version, salt, hash] = hosts.split('|');
  if (version !== '1' || !salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
