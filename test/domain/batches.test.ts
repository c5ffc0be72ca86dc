import { describe, expect, it } from 'vitest';
import { createBatches } from '../../src/domain/batches.ts';

describe('things that are done together', () => {
  it('are those asked for at one moment, so many at most; each gets its own result', async () => {
    const done: number[][] = [];
    const double = createBatches(3, async (numbers: readonly number[]) => {
      done.push([...numbers]);
      return numbers.map((number) => number * 2);
    });
    expect(await Promise.all([1, 2, 3, 4, 5, 6].map(double))).toEqual([2, 4, 6, 8, 10, 12]);
    expect(done).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await double(7)).toBe(14);
  });

  it('wait until they are gathered', async () => {
    const done: number[][] = [];
    let gathered = () => {};
    const isGathered = new Promise<void>((resolve) => {
      gathered = resolve;
    });
    const run = async (numbers: readonly number[]) => {
      done.push([...numbers]);
      return numbers;
    };
    const note = createBatches(9, run, () => isGathered);
    const first = note(1);
    await new Promise(setImmediate);
    const second = note(2);
    gathered();
    await Promise.all([first, second]);
    expect(done).toEqual([[1, 2]]);
  });

  it('are done one by one where a batch fails: only what is at fault fails', async () => {
    const done: number[] = [];
    const store = createBatches(9, async (numbers: readonly number[]) => {
      if (numbers.includes(3)) throw new Error('three is too much');
      done.push(...numbers);
      return numbers;
    });
    const results = await Promise.allSettled([1, 2, 3, 4].map(store));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(done).toEqual([1, 2, 4]);
  });
});
