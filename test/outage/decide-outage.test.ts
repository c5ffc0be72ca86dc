import { describe, expect, test } from 'vitest';
import type { Outage } from '../../src/domain/device.ts';
import { decideOutage } from '../../src/outage/decide-outage.ts';

const hour = (h: number) => new Date(Date.UTC(2024, 0, 10, h));
const outage = (device: string, from = 10, until = 12, id = device): Outage => ({
  id,
  device,
  from: hour(from),
  until: hour(until),
  reason: 'new disks',
});
const device = { name: 'int-38', fqdn: 'int-38.eu.example.net', ip: '10.0.0.38', mac: 'aa:bb:cc:00:11:22' };

describe('a device is found whatever the person wrote', () => {
  test.each([
    'int-38',
    'INT-38',
    'int-38.eu.example.net',
    '10.0.0.38',
    'AA-BB-CC-00-11-22',
    'aabb.cc00.1122',
  ])('%s', (written) => {
    expect(decideOutage([outage(written)], device, hour(11))).toMatchObject({
      out: true,
      reason: 'out-for-maintenance',
    });
  });

  test.each(['int-3', 'int-380', 'int-38.us.example.net', '10.0.0.3', 'aa:bb:cc:00:11:23'])(
    '%s is another one',
    (written) => {
      expect(decideOutage([outage(written)], device, hour(11))).toEqual({
        out: false,
        outage: null,
        reason: 'no-outage',
      });
    },
  );

  test('a device that the inventory does not know by its short or full name', () => {
    const unknown = { name: 'int-7.eu.example.net', ip: null, mac: null };
    expect(decideOutage([outage('int-7')], unknown, hour(11)).out).toBe(true);
    expect(decideOutage([outage('int-7.us.example.net')], unknown, hour(11)).out).toBe(false);
  });
});

test.each([
  ['before it begins', 9, false],
  ['as it begins', 10, true],
  ['in the middle', 11, true],
  ['as it ends', 12, false],
])('%s', (_case, at, out) => {
  const decision = decideOutage([outage('int-38')], device, hour(at));
  expect(decision.out).toBe(out);
  expect(decision.reason).toBe(out ? 'out-for-maintenance' : 'outage-at-another-time');
});

test('of several outages the one that ends last is named', () => {
  const outages = [
    outage('int-38', 10, 12, 'short'),
    outage('10.0.0.38', 10, 15, 'long'),
    outage('int-38', 11, 13, 'middle'),
  ];
  expect(decideOutage(outages, device, hour(11)).outage?.id).toBe('long');
});
