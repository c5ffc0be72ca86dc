import { describe, expect, test } from 'vitest';
import { needOf, rootNeedOf } from '../../src/threshold/need.ts';
import { inventoryOf } from '../support/inventory-of.ts';
import { rule } from './rules.ts';

const inventory = inventoryOf(
  { name: 'int-38', region: 'eu', building: 'B1' },
  { name: 'sw-1', upstream: 'int-38', region: 'eu', building: 'B3' },
  ...['a', 'b', 'c'].map((name) => ({ name, upstream: 'int-38', region: 'EU', building: 'B3' })),
  ...['d', 'e'].map((name) => ({ name, upstream: 'sw-1', region: 'us' })),
);

describe('A9: a share of the devices in what a rule counts over', () => {
  test.each([
    ['server', 'int-38', 0.5, 3],
    ['server', 'sw-1', 0.5, 1],
    ['server', 'unknown', 0.5, null],
    ['building', 'b3', 0.5, 2],
    ['region', 'eu', 1, 5],
    ['region', 'nowhere', 1, null],
    ['network', 'network', 0.01, 1],
  ] as const)('over %s %s, %d of them: %s', (over, about, fraction, count) => {
    const need = needOf(rule({ over, count: null, fraction }), about, inventory);
    expect(need).toEqual({ count, of: 'devices', withinMs: 1_800_000 });
  });

  test('is not rounded up for what a computer can’t write exactly', () => {
    const many = inventoryOf(...Array.from({ length: 100 }, (_, n) => ({ name: `c-${n}` })));
    expect(needOf(rule({ over: 'network', count: null, fraction: 0.07 }), 'network', many).count).toBe(7);
  });

  test('a count is the same everywhere', () => {
    expect(needOf(rule({ over: 'server', count: 7 }), 'int-38', inventory)).toMatchObject({
      count: 7,
      of: 'alerts',
    });
  });
});

test.each([
  [null, 2],
  [0.4, 2],
  [0.75, 3],
])('a root cause needs both the number and the share %s of those directly behind: %d', (fraction, count) => {
  const policy = { devices: 2, fraction, withinMs: 60_000, settleMs: 0 };
  expect(rootNeedOf(policy, 'int-38', inventory)).toEqual({ count, of: 'devices', withinMs: 60_000 });
});
