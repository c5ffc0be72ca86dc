import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { createProgress } from '../../../src/workflows/health/progress.ts';

function createWatch() {
  let now = 0;
  const progress = createProgress(() => now);
  return { progress, pass: (ms: number) => (now += ms) };
}

it('the oldest work under way counts, and the last success', async () => {
  const { progress, pass } = createWatch();
  const end = new EventEmitter();
  expect(progress.standingOf('smtp')).toEqual({ underWayMs: null, sinceSuccessMs: null });
  const one = progress.track('smtp', () => once(end, 'first'));
  pass(10);
  const other = progress.track('smtp', () => once(end, 'second'));
  pass(5);
  expect(progress.standingOf('smtp')).toEqual({ underWayMs: 15, sinceSuccessMs: null });
  end.emit('second');
  await other;
  pass(1);
  expect(progress.standingOf('smtp')).toEqual({ underWayMs: 16, sinceSuccessMs: 1 });
  end.emit('first');
  await one;
  expect(progress.standingOf('smtp')).toEqual({ underWayMs: null, sinceSuccessMs: 0 });
  expect(progress.standingOf('http')).toEqual({ underWayMs: null, sinceSuccessMs: null });
});

it('work that is tried again stays under way until it succeeds; other work ends with its failure', async () => {
  const { progress, pass } = createWatch();
  const fail = () => Promise.reject(new Error('away'));
  await expect(progress.track('smtp', fail)).rejects.toThrow('away');
  await expect(progress.track('imap:alerts', fail, true)).rejects.toThrow('away');
  pass(20);
  expect(progress.standingOf('smtp').underWayMs).toBeNull();
  expect(progress.standingOf('imap:alerts').underWayMs).toBe(20);
  await progress.track('imap:alerts', async () => {}, true);
  expect(progress.standingOf('imap:alerts')).toEqual({ underWayMs: null, sinceSuccessMs: 0 });
});

it('a batch that was not committed is no success', async () => {
  const { progress } = createWatch();
  await progress.track('counting', async () => false);
  expect(progress.standingOf('counting').sinceSuccessMs).toBeNull();
});
