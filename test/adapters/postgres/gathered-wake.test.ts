import { expect, it } from 'vitest';
import { createGatheredWake } from '../../../src/adapters/postgres/gathered-wake.ts';
import type { Job } from '../../../src/domain/store/jobs.ts';

it('workers are woken by the first batch of a burst, then once for several, and at its end for all that is left', () => {
  const woken: Job['queue'][][] = [];
  const wake = createGatheredWake((queues) => woken.push([...queues]), 3);
  const batch = (queue: Job['queue'] | null, isLast = false) => {
    if (queue) wake.add(new Set([queue]));
    wake.pass(isLast);
    return woken.length;
  };
  expect([batch('evaluate'), batch('evaluate'), batch('deliver')]).toEqual([1, 1, 1]);
  expect(batch('evaluate')).toBe(2);
  expect(batch('evaluate', true)).toBe(3);
  expect([batch(null), batch(null), batch(null, true)]).toEqual([3, 3, 3]);
  expect(batch('page', true)).toBe(4);
  expect(woken).toEqual([['evaluate'], ['evaluate', 'deliver'], ['evaluate'], ['page']]);
});
