import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { RestageError } from '../../domain/errors.ts';
import type { SshHost } from '../../domain/server.ts';
import { findKnownKeys, type KnownKeys } from './known-hosts.ts';

/** Decides about the key that a server shows. There is no way to accept any key. */
export interface HostKeyCheck {
  /** Only these may be negotiated: with another type a good server would look like a stranger. null: any. */
  readonly algorithms: ServerHostKeyAlgorithm[] | null;
  /** Fingerprints of the keys that are accepted. */
  readonly expected: readonly string[];
  /** null: accepted; else why not and what to do. */
  judge(key: Buffer): RestageError | null;
}

const algorithmsOf: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** @throws RestageError `server-host-key` when nothing is known about the server's key. */
export async function prepareHostKeyCheck(server: SshHost): Promise<HostKeyCheck> {
  if (server.hostKey !== null) return checkPinned(server, server.hostKey);
  if (server.knownHostsFile === null) {
    throw refuse(server, 'The config names neither a host key nor a known_hosts file. Set one of them.');
  }
  const known = findKnownKeys(await readKnownHosts(server, server.knownHostsFile), server.host, server.port);
  return checkKnown(server, server.knownHostsFile, known);
}

/** Returns the fingerprints of the keys that are accepted of a host. @throws RestageError `server-host-key` if none is known. */
export async function acceptedKeys(server: SshHost): Promise<readonly string[]> {
  const { expected } = await prepareHostKeyCheck(server);
  return expected;
}

/** As `ssh-keygen -lf` shows it: `SHA256:…`. */
function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function checkPinned(server: SshHost, pinned: string): HostKeyCheck {
  return {
    algorithms: null,
    expected: [pinned],
    judge(key) {
      const shown = fingerprintOf(key);
      if (shown === pinned) return null;
      return refuse(
        server,
        `It shows the ${typeOf(key)} key ${shown}, but the config pins ${pinned}. Nothing was sent. If the server was reinstalled, check the new fingerprint on its console and change the config; if not, somebody may be in between.`,
      );
    },
  };
}

function checkKnown(server: SshHost, file: string, known: KnownKeys): HostKeyCheck {
  const usable = known.trusted.filter(({ type }) => algorithmsOf[type]);
  const algorithms = [...new Set(usable.flatMap(({ type }) => algorithmsOf[type] ?? []))];
  if (algorithms.length === 0) {
    throw refuse(
      server,
      `${file} has no usable key for it. Add one: ssh-keyscan -p ${server.port} ${server.host}, and compare its fingerprint on the server’s console.`,
    );
  }
  const expected = usable.map(({ key }) => fingerprintOf(Buffer.from(key, 'base64')));
  return {
    algorithms,
    expected,
    judge(key) {
      const shown = key.toString('base64');
      if (known.revoked.has(shown))
        return refuse(server, `Its key ${fingerprintOf(key)} is revoked in ${file}.`);
      if (usable.some((entry) => entry.key === shown)) return null;
      return refuse(
        server,
        `It shows the ${typeOf(key)} key ${fingerprintOf(key)}, but ${file} has ${expected.join(' or ')}. Nothing was sent. If the server was reinstalled, check the new fingerprint on its console and correct the file; if not, somebody may be in between.`,
      );
    },
  };
}

async function readKnownHosts(server: SshHost, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw refuse(server, `The file ${file} cannot be read. Create it or correct the config.`, { cause });
  }
}

function refuse(server: SshHost, why: string, options?: ErrorOptions): RestageError {
  const message = `The host key of ${server.name} (${server.host} port ${server.port}) is not accepted. ${why}`;
  return new RestageError('server-host-key', message, options);
}

/** The type that the key's blob starts with (RFC 4253, 6.6). */
function typeOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.toString('latin1', 4, 4 + Math.min(length, 40)).replace(/[^a-z0-9@.-]/gi, '?');
}
