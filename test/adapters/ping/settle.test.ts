import { expect, test } from 'vitest';
import { createLimit } from '../../../src/domain/limit.ts';
import { settle } from '../../../src/adapters/ping/settle.ts';

const never = new AbortController().signal;

test('a callback that comes gives the result', async () => {
  expect(
    await settle(
      never,
      60_000,
      () => 'late',
      (resolve) => resolve('in time'),
    ),
  ).toBe('in time');
});

test('a callback that never comes costs no more than the limit', async () => {
  expect(
    await settle(
      never,
      5,
      () => 'late',
      () => {},
    ),
  ).toBe('late');
});

test('aborting ends the wait', async () => {
  const controller = new AbortController();
  const waiting = settle(
    controller.signal,
    60_000,
    () => 'late',
    () => controller.abort('stop'),
  );
  await expect(waiting).rejects.toBe('stop');
});

test('a limit lets so many tasks run at once, and all of them in the end', async () => {
  const limit = createLimit(3);
  let running = 0;
  let most = 0;
  const task = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (most === 3) throw new Error('a task that fails gives its place away too');
  };
  await Promise.allSettled(Array.from({ length: 20 }, () => limit(task)));
  expect([running, most]).toEqual([0, 3]);
});
