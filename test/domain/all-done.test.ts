import { describe, expect, it } from 'vitest';
import { allDone } from '../../src/domain/all-done.ts';

describe('several things that have to be done', () => {
  it('answers the result of each', async () => {
    expect(await allDone([Promise.resolve('one'), 2, Promise.resolve(null)])).toEqual(['one', 2, null]);
  });

  it('fails only when nothing is under way any more, with the first fault', async () => {
    let end: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      end = resolve;
    });
    let isOver = false;
    const consequence = slow.then(() => Promise.reject(new Error('a consequence')));
    const all = allDone([
      consequence,
      Promise.reject(new Error('first')),
      Promise.reject(new Error('second')),
    ]);
    const failed = all.catch((error: unknown) => {
      isOver = true;
      return error;
    });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(isOver).toBe(false);
    end();
    expect(await failed).toEqual(new Error('first'));
  });
});
