import { describe, expect, test } from 'vitest';
import { inventoryOf } from '../support/inventory-of.ts';

const inventory = inventoryOf(
  { name: 'master', fqdn: 'master.example.net' },
  { name: 'int-38', ip: '10.38.0.1', upstream: 'master.example.net' },
  { name: 'sub-1', upstream: '10.38.0.1' },
  { name: 'client-1', upstream: 'sub-1' },
  { name: 'client-2', upstream: 'int-38' },
  { name: 'stray', upstream: 'gone' },
  { name: 'loop-a', upstream: 'loop-b' },
  { name: 'loop-b', upstream: 'loop-a' },
  { name: 'self', upstream: 'self' },
);

describe('all that is behind a server', () => {
  test.each([
    ['int-38', ['sub-1', 'client-2', 'client-1']],
    ['10.38.0.1', ['sub-1', 'client-2', 'client-1']],
    ['master', ['int-38', 'sub-1', 'client-2', 'client-1']],
    ['client-1', []],
    ['unknown', []],
    ['gone', []],
    ['loop-a', ['loop-b']],
    ['self', []],
  ])('%s', (server, expected) => {
    expect(inventory.behind(server).map(({ name }) => name)).toEqual(expected);
  });
});
