import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Store } from '../../src/domain/store/store.ts';
import { holdLease } from '../../src/workflows/hold-lease.ts';
import { silentLog } from '../support/silent-log.ts';

const lengthMs = 15_000;
const tx = {} as Parameters<Parameters<Store['transaction']>[0]>[0];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
});
afterEach(() => vi.useRealTimers());

/** A lease whose renewals are answered by `answers`, in order, and then by the last of them. */
function hold(...answers: (() => Promise<boolean>)[]) {
  const renew = vi.fn<() => Promise<boolean>>(
    () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? Promise.resolve(true),
  );
  const store = { transaction: (work: (one: typeof tx) => Promise<unknown>) => work(tx) } as unknown as Store;
  const clock = { now: () => new Date() };
  return { renew, lease: holdLease({ store, clock, log: silentLog }, { name: 'x', lengthMs, renew }) };
}

const granted = () => Promise.resolve(true);
const refused = () => Promise.resolve(false);
const away = () => Promise.reject(new Error('the database is away'));
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('A lease is renewed at each third of its length until its work is over', async () => {
  const { renew, lease } = hold(granted);
  await pass(4 * lengthMs);
  expect(renew).toHaveBeenCalledTimes(12);
  expect(lease.signal.aborted).toBe(false);
  await lease[Symbol.asyncDispose]();
  await pass(lengthMs);
  expect(renew).toHaveBeenCalledTimes(12);
});

it('Work is aborted as soon as the renewal of its lease is refused', async () => {
  const { lease } = hold(granted, refused);
  await pass(lengthMs / 3);
  expect(lease.signal.aborted).toBe(false);
  await pass(lengthMs / 3);
  expect(lease.signal.reason).toMatchObject({ message: 'the lease of x is lost: another has it' });
  expect(await lease.check()).toBe(false);
});

it('Work goes on through a short outage of the database, and is aborted at the end of its lease in a long one', async () => {
  const { lease } = hold(away, granted, away);
  await pass((lengthMs / 3) * 2);
  expect(lease.signal.aborted).toBe(false);
  await pass(lengthMs - 1);
  expect(lease.signal.aborted).toBe(false);
  await pass(1);
  expect(lease.signal.reason).toMatchObject({
    message: expect.stringContaining('could not be renewed in time'),
  });
});

it('Work is aborted at the end of its lease though the database never answers', async () => {
  const { renew, lease } = hold(() => new Promise(() => {}));
  await pass(lengthMs);
  expect(renew).toHaveBeenCalledOnce();
  expect(lease.signal.aborted).toBe(true);
});

it('A process that slept asks for its lease before it goes on, and no other one does', async () => {
  const { renew, lease } = hold(granted, granted, refused);
  expect(await lease.check()).toBe(true);
  expect(await lease.checkIn(tx)).toBe(true);
  expect(renew).not.toHaveBeenCalled();
  vi.setSystemTime(Date.now() + 2 * lengthMs);
  expect(await lease.checkIn(tx)).toBe(true);
  expect(await lease.check()).toBe(true);
  expect(await lease.check()).toBe(true);
  expect(renew).toHaveBeenCalledTimes(2);
  vi.setSystemTime(Date.now() + 2 * lengthMs);
  expect(await lease.checkIn(tx)).toBe(false);
  expect(lease.signal.aborted).toBe(true);
});
