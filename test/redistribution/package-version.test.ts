import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  compilePackagePatterns,
  shippedPackagePatterns,
} from '../../src/redistribution/package-version.ts';

const read = compilePackagePatterns(shippedPackagePatterns);

describe('which version a package name states', () => {
  it.each([
    ['name-1.2.3', 'name-*', '1.2.3'],
    ['name_1.2.3', 'name_*', '1.2.3'],
    ['name=1.2.3', 'name=*', '1.2.3'],
    ['name==7', 'name==*', '7'],
    ['edge-agent-v4.12.3.deb', 'edge-agent-v*.deb', '4.12.3'],
    ['geo-db-2026.11.tar.zst', 'geo-db-*.tar.zst', '2026.11'],
    ['geo-db-2026-11-20', 'geo-db-*', '2026-11-20'],
    ['rsync_1:3.2.7-1~deb12u2_amd64.deb', 'rsync_*_amd64.deb', '1:3.2.7-1~deb12u2'],
    ['kernel-6.1.0-13.el8.x86_64.rpm', 'kernel-*.x86_64.rpm', '6.1.0-13.el8'],
    ['log4j-2-api-1.2', 'log4j-2-api-*', '1.2'],
    ['agent-1.2.3-rc1', 'agent-*', '1.2.3-rc1'],
  ])('%s', (name, without, version) => {
    expect(read(name)).toEqual({ name: without, version });
  });

  it.each(['geo-db', 'kiosk-7', '1.2.3', '', 'a=', 'agent-1.2 beta'])('none: %s', (name) => {
    expect(read(name)).toBeNull();
  });

  it('by the site’s own patterns, the first one that matches, or by none', () => {
    const own = compilePackagePatterns([String.raw`(?<version>\d+)-.*`, String.raw`.*r(?<version>\d+)`]);
    expect(own('17-agent-r3')).toEqual({ name: '*-agent-r3', version: '17' });
    expect(own('agent-r3')).toEqual({ name: 'agent-r*', version: '3' });
    expect(compilePackagePatterns([])('agent-1.2.3')).toBeNull();
  });
});

describe('which version is newer', () => {
  it.each([
    ['1.2.3', '1.2.4'],
    ['1.9', '1.10'],
    ['1.2', '1.2.1'],
    ['1.2-9', '1.2.1-1'],
    ['1.2-1', '1.2-2'],
    ['1.2~rc1', '1.2'],
    ['1.2-rc1', '1.2'],
    ['1.2rc1', '1.2rc2'],
    ['1.2.0-alpha.9', '1.2.0-beta'],
    ['1.2', '1.2a'],
    ['1.2', '1.2+b1'],
    ['9.9', '1:0.1'],
    ['2026-09-30', '2026-11-20'],
    ['2026.9', '2026.11'],
    ['99999999999999999998', '99999999999999999999'],
    ['3.2.7-1~bpo11+1', '3.2.7-1'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });

  it.each([
    ['1.2.3', '1.2.3'],
    ['v1.2', '1.02'],
  ])('%s and %s are equal', (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
  });

  it('in one order for any versions', () => {
    const version = fc.stringMatching(/^[0-9]{1,3}([.+~-]?[0-9a-c]{1,2}){0,3}$/);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        const [x = a, y = b, z = c] = [a, b, c].toSorted(compareVersions);
        expect(compareVersions(x, y)).toBeLessThanOrEqual(0);
        expect(compareVersions(x, z)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
