import { describe, expect, it } from 'vitest';
import { createSingleFlight } from '../../src/workflows/single-flight.ts';

/** Work that runs until it is let go. */
function createWork() {
  const waiting: (() => void)[] = [];
  let runs = 0;
  let most = 0;
  return {
    run: () => {
      runs += 1;
      return new Promise<void>((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
      });
    },
    /** Ends one run, and lets what follows it begin. */
    async end() {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
    runs: () => runs,
    atOnce: () => most,
  };
}

describe('a single flight', () => {
  it('runs work of one key one at a time; what is asked for meanwhile is done once more', async () => {
    const flights = createSingleFlight(() => {});
    const work = createWork();
    for (let n = 0; n < 5; n += 1) flights.start('a', work.run);
    expect(work.runs()).toBe(1);
    await work.end();
    expect(work.runs()).toBe(2);
    await work.end();
    expect([work.runs(), work.atOnce()]).toEqual([2, 1]);
    flights.start('a', work.run);
    expect(work.runs()).toBe(3);
    await work.end();
  });

  it('keys do not wait for each other', () => {
    const flights = createSingleFlight(() => {});
    const work = createWork();
    flights.start('a', work.run);
    flights.start('b', work.run);
    expect(work.atOnce()).toBe(2);
  });

  it('reports work that fails, and does it again when it is asked for', async () => {
    const failed: unknown[] = [];
    const flights = createSingleFlight((key, error) => failed.push([key, String(error)]));
    flights.start('a', () => Promise.reject(new Error('away')));
    await new Promise((resolve) => setImmediate(resolve));
    expect(failed).toEqual([['a', 'Error: away']]);
    const work = createWork();
    flights.start('a', work.run);
    expect(work.runs()).toBe(1);
  });

  it('is drained when what runs has ended; nothing begins after that', async () => {
    const flights = createSingleFlight(() => {});
    const work = createWork();
    flights.start('a', work.run);
    flights.start('a', work.run);
    let isDrained = false;
    const drained = flights.drain().then(() => (isDrained = true));
    flights.start('b', work.run);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDrained).toBe(false);
    await work.end();
    await drained;
    expect(work.runs()).toBe(1);
  });
});
