import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outage } from '../../src/domain/outage.ts';
import { decideOutage } from '../../src/outage/decide-outage.ts';
import { listCovered } from '../../src/outage/list-covered.ts';
import { parseTarget } from '../../src/outage/targets.ts';
import { isCovered, locateDevice } from '../../src/outage/whereabouts.ts';
import { inventoryOf } from '../support/inventory-of.ts';

const hour = (h: number) => new Date(Date.UTC(2024, 0, 10, h));
let lastId = 0;
const outage = (written: string, from = 10, until = 12, reason = 'new disks'): Outage => {
  const target = parseTarget(written);
  if (!target) throw new Error(`${written} is no target`);
  const origin = { source: null, uid: null, createdBy: 'T/U', endedBy: null, endedHandledAt: null };
  return { id: (lastId += 1), target, from: hour(from), until: hour(until), reason, ...origin };
};

const inventory = inventoryOf(
  {
    name: 'int-38',
    fqdn: 'int-38.eu.example.net',
    ip: '10.0.0.38',
    mac: 'aa:bb:cc:00:11:22',
    region: 'eu',
    site: 'Köln',
    building: 'B3',
    upstream: 'master',
    groups: ['intermediate'],
  },
  { name: 'master', region: 'core' },
  { name: 'client-1', region: 'eu', building: 'Haus 3', upstream: '10.0.0.38' },
  { name: 'loop-a', upstream: 'loop-b' },
  { name: 'loop-b', upstream: 'loop-a' },
);
const unsaid = { region: null, building: null };
const at = (name: string, said: { region: string | null; building: string | null } = unsaid) =>
  locateDevice(name, inventory, said);

describe('A10: an outage is found whatever it is for and however a person wrote it', () => {
  test.each([
    ['int-38', 'int-38', true],
    ['INT-38', 'int-38', true],
    ['int-38.eu.example.net', 'int-38', true],
    ['10.0.0.38', 'int-38', true],
    ['AA-BB-CC-00-11-22', 'int-38', true],
    ['aabb.cc00.1122', 'int-38', true],
    ['int-3', 'int-38', false],
    ['int-380', 'int-38', false],
    ['int-38.us.example.net', 'int-38', false],
    ['10.0.0.3', 'int-38', false],
    ['group:Intermediate', 'int-38', true],
    ['group:intermediate', 'client-1', false],
    ['server:int-38', 'int-38', true],
    ['server:int-38', 'client-1', true],
    ['server:10.0.0.38', 'client-1', true],
    ['server:master', 'client-1', true],
    ['server:client-1', 'int-38', false],
    ['int-38', 'client-1', false],
    ['server:loop-a', 'loop-b', true],
    ['server:int-38', 'loop-b', false],
    ['building:b3', 'int-38', true],
    ['building:Köln/B3', 'int-38', true],
    ['building:Bonn/B3', 'int-38', false],
    ['building:Haus 3', 'client-1', true],
    ['region:EU', 'client-1', true],
    ['region:eu', 'master', false],
  ])('%s concerns %s: %s', (written, device, out) => {
    const decision = decideOutage([outage(written)], at(device), hour(11));
    expect(decision).toMatchObject({ out, reason: out ? 'out-for-maintenance' : 'no-outage' });
  });

  test('a device that the inventory does not know, by its short or full name', () => {
    const unknown = at('int-7.eu.example.net');
    expect(decideOutage([outage('int-7')], unknown, hour(11)).out).toBe(true);
    expect(decideOutage([outage('int-7.us.example.net')], unknown, hour(11)).out).toBe(false);
  });

  test('a device that the inventory does not know, by the place that its mail names', () => {
    const unknown = at('new-1', { region: 'eu', building: 'B9' });
    expect(decideOutage([outage('building:b9')], unknown, hour(11)).out).toBe(true);
    expect(decideOutage([outage('region:us')], unknown, hour(11)).out).toBe(false);
  });

  test('the inventory wins over the place that the mail names', () => {
    const known = at('int-38', { region: 'us', building: 'B9' });
    expect(decideOutage([outage('region:us')], known, hour(11)).out).toBe(false);
  });
});

test.each([
  ['before it begins', 9, false],
  ['as it begins', 10, true],
  ['in the middle', 11, true],
  ['as it ends', 12, false],
])('A10: %s', (_case, when, out) => {
  const decision = decideOutage([outage('int-38')], at('int-38'), hour(when));
  expect(decision.out).toBe(out);
  expect(decision.reason).toBe(out ? 'out-for-maintenance' : 'outage-at-another-time');
});

test('of several outages the one that ends last is named', () => {
  const outages = [
    outage('int-38', 10, 12, 'short'),
    outage('region:eu', 10, 15, 'long'),
    outage('int-38', 11, 13, 'middle'),
  ];
  expect(decideOutage(outages, at('int-38'), hour(11)).outage?.reason).toBe('long');
});

test('what an outage of a target covers is the same, asked of the target or of each device', () => {
  const written = ['int-38', 'master', 'loop-a', 'loop-b', 'client-1', 'nobody'];
  const target = fc.oneof(
    fc.constantFrom(...written),
    fc.constantFrom(...written).map((name) => `server:${name}`),
    fc.constantFrom('group:intermediate', 'region:eu', 'building:haus 3'),
  );
  fc.assert(
    fc.property(target, (text) => {
      const { target: parsed } = outage(text);
      const asked = inventory.all().filter(({ name }) => isCovered(at(name), parsed));
      expect(new Set(listCovered(parsed, inventory))).toEqual(new Set(asked));
    }),
  );
});
