import { expect, it } from 'vitest';
import type { Evidence } from '../../src/domain/evidence.ts';
import { compilePackagePatterns, shippedPackagePatterns } from '../../src/redistribution/package-version.ts';
import { deliveredInstead } from '../../src/workflows/ticket/newer-versions.ts';

const readVersion = compilePackagePatterns(shippedPackagePatterns);
const failed = [{ package: 'geo-db_7.2.deb' }];

function word(name: string | null): Evidence {
  const any = { ticketId: null, recipient: null, failure: null, service: null, series: null };
  const at = new Date('2026-11-23T12:00:00Z');
  return { ...any, kind: 'word', at, origin: 'mail 17', device: 'client-1', job: 'rollout', package: name };
}

it.each([
  ['a newer version of the package that failed', 'geo-db_7.10.deb', ['geo-db_7.2.deb']],
  ['an older version', 'geo-db_7.1.deb', []],
  ['another package', 'maps_8.0.deb', []],
  ['no package', null, []],
])('A17: word of %s ends what its older versions had failed in', (_name, delivered, shown) => {
  const instead = deliveredInstead(readVersion, [word(delivered)], failed);
  expect(instead.map((one) => [one.kind, one.package])).toEqual(shown.map((name) => ['newer-version', name]));
});
