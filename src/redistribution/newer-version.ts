import type { JobRecord } from '../domain/redistribution.ts';
import { compareVersions, type ReadVersion } from './package-version.ts';
import { keyOf } from './key-of.ts';

interface Delivered {
  readonly package: string;
  readonly version: string;
  readonly at: Date;
  readonly record: JobRecord;
}

/** What was delivered, by recipient and by what the package is called without its version. */
export interface Deliveries {
  readonly byPackage: ReadonlyMap<string, readonly Delivered[]>;
  readonly readVersion: ReadVersion;
}

export function indexDeliveries(records: readonly JobRecord[], readVersion: ReadVersion): Deliveries {
  const byPackage = new Map<string, Delivered[]>();
  for (const record of records) {
    const versions = record.packages.flatMap((name) => {
      const read = readVersion(name);
      return read ? [{ ...read, package: name }] : [];
    });
    for (const { name: recipient, result } of versions.length > 0 ? record.recipients : []) {
      if (result !== 'succeeded') continue;
      for (const { name, version, package: whole } of versions) {
        const key = keyOf(recipient, name);
        const list = byPackage.get(key) ?? [];
        byPackage.set(key, list);
        list.push({ package: whole, version, at: record.endedAt ?? record.startedAt, record });
      }
    }
  }
  return { byPackage, readVersion };
}

/**
 * Why a package need not be delivered any more: the newest of the newer versions that this recipient got after the older
 * one was wanted, by any job. null: there is none. Whoever goes back to an older version on purpose wants it later.
 */
export function findNewer(
  { byPackage, readVersion }: Deliveries,
  recipient: string,
  packageName: string,
  wantedAt: Date,
): string | null {
  const read = readVersion(packageName);
  const delivered = read ? (byPackage.get(keyOf(recipient, read.name)) ?? []) : [];
  let newest: Delivered | null = null;
  for (const one of delivered) {
    if (one.at <= wantedAt || !read || compareVersions(one.version, read.version) <= 0) continue;
    if (!newest || compareVersions(one.version, newest.version) > 0) newest = one;
  }
  if (!newest) return null;
  const { file, line } = newest.record.provenance;
  return `the newer ${newest.package} was delivered at ${newest.at.toISOString()} by job ${newest.record.job} (${file} line ${line})`;
}
