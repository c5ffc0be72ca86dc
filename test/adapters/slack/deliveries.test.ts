import { describe, expect, test } from 'vitest';
import { Deliveries } from '../../../src/adapters/slack/deliveries.ts';

const minuteMs = 60_000;

function start(): {
  deliveries: Deliveries<number>;
  pass: (ms: number) => void;
  work: () => Promise<number>;
  count: () => number;
} {
  let nowMs = 0;
  let done = 0;
  const deliveries = new Deliveries<number>({ now: () => new Date(nowMs) });
  return {
    deliveries,
    pass: (ms) => {
      nowMs += ms;
    },
    work: async () => {
      done += 1;
      return done;
    },
    count: () => done,
  };
}

describe('the same delivery again', () => {
  test.each([0, 1, 5, 10])('after %s minutes gets the first result', async (minutes) => {
    const { deliveries, pass, work } = start();
    await deliveries.once('a', work);
    pass(minutes * minuteMs);
    await expect(deliveries.once('a', work)).resolves.toBe(1);
  });

  test('while the first is in hand waits for it', async () => {
    const { deliveries, work } = start();
    await expect(Promise.all([deliveries.once('a', work), deliveries.once('a', work)])).resolves.toEqual([
      1, 1,
    ]);
  });

  test('is forgotten in the end', async () => {
    const { deliveries, pass, work } = start();
    await deliveries.once('a', work);
    pass(16 * minuteMs);
    await deliveries.once('b', work);
    await expect(deliveries.once('a', work)).resolves.toBe(3);
  });

  test('is worked on anew, once, when the first failed', async () => {
    const { deliveries, work, count } = start();
    const failing = deliveries.once('a', () => Promise.reject(new Error('first')));
    const retries = [deliveries.once('a', work), deliveries.once('a', work)];
    await expect(failing).rejects.toThrow('first');
    await expect(Promise.all(retries)).resolves.toEqual([1, 1]);
    expect(count()).toBe(1);
  });
});

test('other deliveries are other work', async () => {
  const { deliveries, work } = start();
  await deliveries.once('a', work);
  await expect(deliveries.once('b', work)).resolves.toBe(2);
});
