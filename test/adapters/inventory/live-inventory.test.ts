import { describe, expect, test } from 'vitest';
import type { DeviceSnapshot } from '../../../src/adapters/inventory/live-inventory.ts';
import { LiveInventory } from '../../../src/adapters/inventory/live-inventory.ts';
import type { Device } from '../../../src/domain/device.ts';
import { RestageError } from '../../../src/domain/errors.ts';
import { deviceOf } from '../../support/inventory-of.ts';
import { silentLog } from '../../support/silent-log.ts';

const named = (...names: readonly string[]) => names.map((name) => deviceOf({ name }));
const broken = (why: string) => new RestageError('inventory-invalid', why);

/** A source in the test's hand, and what was kept and told. */
function stage(first: readonly Device[] | Error, kept: readonly Device[] | null = null) {
  let answer: readonly Device[] | Error | null = first;
  const state = { kept, told: [] as (string | null)[] };
  const snapshot: DeviceSnapshot = {
    load: async () => state.kept,
    save: async (devices) => void (state.kept = devices),
  };
  const source = {
    name: 'inventory.csv',
    read: async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return {
    state,
    open: () => LiveInventory.open({ source, everyMs: 3_600_000, snapshot, log: silentLog }),
    say: (next: readonly Device[] | Error | null) => void (answer = next),
    tell: async (fault: string | null) => void state.told.push(fault),
  };
}

describe('A12: the inventory is read again, and a broken one keeps the last good devices', () => {
  test('what is new is found at once, what is gone is not', async () => {
    const { open, say } = stage(named('int-1', 'int-2'));
    const inventory = await open();
    say(named('int-2', 'int-3'));
    await inventory.refresh();
    expect(inventory.find('int-3')?.name).toBe('int-3');
    expect(inventory.find('int-1')).toBeNull();
    expect(inventory.all()).toHaveLength(2);
  });

  test('nothing changed, nothing happens', async () => {
    const { open, say } = stage(named('int-1'));
    const inventory = await open();
    say(null);
    await inventory.refresh();
    expect(inventory.find('int-1')?.name).toBe('int-1');
  });

  test('a fault is told once, and so is the recovery', async () => {
    const { open, say, tell, state } = stage(named('int-1'));
    const inventory = await open();
    await inventory.follow(tell);
    for (const next of [broken('line 3'), broken('line 3'), named('int-1', 'int-2'), null]) {
      say(next);
      await inventory.refresh();
      expect(inventory.find('int-1')?.name).toBe('int-1');
    }
    expect(state.told).toEqual([null, 'line 3', null]);
    await inventory.stop();
  });

  test('a source that is suddenly empty is a broken one', async () => {
    const { open, say, tell, state } = stage(named('int-1'));
    const inventory = await open();
    await inventory.follow(tell);
    say([]);
    await inventory.refresh();
    expect(inventory.find('int-1')?.name).toBe('int-1');
    expect(state.told.at(-1)).toBe('The inventory had 1 devices and holds none now.');
    await inventory.stop();
  });

  test('after a restart the last good devices serve, and the fault is told', async () => {
    const { open, tell, state } = stage(broken('no connection'), named('int-1'));
    const inventory = await open();
    expect(inventory.find('int-1')?.name).toBe('int-1');
    await inventory.follow(tell);
    expect(state.told).toEqual(['no connection']);
    await inventory.stop();
  });

  test('where there never were good ones, the fault is the answer', async () => {
    await expect(stage(broken('no connection')).open()).rejects.toThrow('no connection');
  });
});
