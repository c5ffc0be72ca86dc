import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexInventory } from '../../src/domain/inventory-index.ts';
import { partsOf, readTopology } from '../../src/threshold/children.ts';
import { decideScope, type PartSighting } from '../../src/threshold/decide-scope.ts';
import { deviceAt } from '../support/workbench.ts';

const minute = 60_000;
const seen = (part: string, at: number, device = `${part}-c1`): PartSighting => ({
  ...{ part, device },
  at: new Date(at * minute),
});
const many = (part: string, count: number, at = 0) => Array.from({ length: count }, () => seen(part, at));
const need = { count: 5, of: 'alerts', withinMs: 10 * minute } as const;

describe('A9: a scope wider than a device needs two parts, none of which makes more than 80 % of it', () => {
  test.each([
    ['one part alone is a problem of that part', many('a', 9), 'only-one-part', 'a'],
    ['too few are no problem', [...many('a', 2), ...many('b', 2)], 'below-threshold', null],
    ['80 % of one part are the scope’s', [...many('a', 8), ...many('b', 2)], 'threshold-met', 'a'],
    ['more than 80 % are not', [...many('a', 9), ...many('b', 2)], 'mostly-one-part', 'a'],
    ['too far apart they are none', [...many('a', 3), ...many('b', 2, 11)], 'below-threshold', null],
  ] as const)('%s', (_case, sightings, reason, part) => {
    const decision = decideScope(sightings, need);
    expect(decision.reason).toBe(reason);
    if (part !== null) expect(decision.largest?.part).toBe(part);
  });

  test('the earliest window counts: what comes after it changes nothing', () => {
    const first = [...many('a', 3), ...many('b', 2, 1)];
    const expected = { from: new Date(0), metAt: new Date(minute) };
    expect(decideScope(first, need)).toMatchObject(expected);
    expect(decideScope([...first, ...many('a', 100, 2)], need)).toMatchObject(expected);
  });

  test('late mail of the first window can make it a problem of one part', () => {
    const first = [...many('a', 3), ...many('b', 2, 1)];
    expect(decideScope([...first, ...many('a', 30, 0.5)], need)).toMatchObject({ met: false });
  });

  test('a rule with instead asks for the number alone', () => {
    expect(decideScope(many('a', 5), need, { instead: true })).toMatchObject({ met: true, parts: 1 });
  });

  test('a share counts each device once', () => {
    const devices = { count: 3, of: 'devices', withinMs: 10 * minute } as const;
    const often = [...many('a', 9), seen('b', 0, 'b-c1')];
    expect(decideScope(often, devices)).toMatchObject({ met: false, counted: 2 });
    expect(decideScope([...often, seen('b', 1, 'b-c2')], devices)).toMatchObject({ met: true, counted: 3 });
  });

  const sighting = fc.record({
    part: fc.constantFrom('a', 'b', 'c'),
    at: fc.integer({ min: 0, max: 40 }).map((at) => new Date(at * minute)),
    device: fc.constantFrom('x', 'y', 'z'),
  });
  test('the order makes no difference, and what lies after the window that met none either', () => {
    fc.assert(
      fc.property(fc.array(sighting, { maxLength: 40 }), fc.array(sighting), (all, more) => {
        const decision = decideScope(all, need);
        expect(decideScope(all.toReversed(), need)).toEqual(decision);
        const { metAt } = decision;
        if (metAt === null) return;
        const later = more.filter(({ at }) => at > metAt);
        expect(decideScope([...later, ...all], need)).toEqual(decision);
      }),
      { numRuns: 500 },
    );
  });
});

describe('A9: the parts of a scope are its next narrower things', () => {
  const inRegion = (name: string, upstream: string | null, region: string) => ({
    ...deviceAt(name, name, upstream),
    region,
  });
  const two = [
    ...['e-1', 'e-2'].map((name) => inRegion(name, null, 'eu')),
    inRegion('c-1', 'e-1', 'eu'),
    inRegion('c-2', 'e-2', 'eu'),
    inRegion('u-1', null, 'us'),
    inRegion('c-3', 'u-1', 'us'),
  ];
  const flat = [deviceAt('c-1', '10.0.0.1', null)];
  test.each([
    ['the devices of a server', 'server', 'e-1', two, 'c-1', 'c-1'],
    ['the servers of a region', 'region', 'eu', two, 'c-1', 'e-1'],
    ['of a region a server itself too', 'region', 'eu', two, 'e-1', 'e-1'],
    ['the devices of a region with one server', 'region', 'us', two, 'c-3', 'c-3'],
    ['the regions of the network', 'network', 'network', two, 'c-3', 'us'],
    ['the devices of a network without servers', 'network', 'network', flat, 'c-1', 'c-1'],
    ['the servers that need a package', 'package', 'geo-db 7', two, 'c-1', 'e-1'],
    [
      'the server that the mail names, where the inventory knows none',
      'package',
      'geo-db 7',
      flat,
      'c-1',
      'm-1',
    ],
  ] as const)('%s', (_case, scope, name, devices, device, part) => {
    const partOf = partsOf(scope, name, readTopology(indexInventory(devices)));
    const region = devices.find((one) => one.name === device)?.region?.toUpperCase() ?? null;
    expect(partOf({ device, region, distributionServer: 'M-1' })).toBe(part);
  });

  test('strangers are no second server of a package', () => {
    const partOf = partsOf('package', 'geo-db 7', readTopology(indexInventory(flat)));
    const stranger = (device: string) => partOf({ device, region: null, distributionServer: null });
    expect(stranger('x')).toBe(stranger('y'));
  });
});
