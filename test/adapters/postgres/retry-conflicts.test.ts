import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryConflicts } from '../../../src/adapters/postgres/retry-conflicts.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });
const anyConflict = fc.constantFrom('40P01', '40001', '55P03');
const anyOther = fc.constantFrom('23505', '57014', 'CONNECTION_CLOSED', '08006', '42601');

/** Fails with each of the codes in their order, then succeeds. */
function failing(codes: readonly string[]) {
  let runs = 0;
  const run = async () => {
    const code = codes[runs];
    runs += 1;
    if (code !== undefined) throw failure(code);
    return 'done';
  };
  return { run, runs: () => runs };
}

const noPause = async () => {};

it('a transaction that conflicts with others is run again until it succeeds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyConflict, { maxLength: 7 }), async (codes) => {
      const { run, runs } = failing(codes);
      expect(await retryConflicts(run, noPause)).toBe('done');
      expect(runs()).toBe(codes.length + 1);
    }),
  );
});

it('a transaction that fails in any other way is not run again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyConflict, { maxLength: 6 }), anyOther, async (codes, other) => {
      const { run, runs } = failing([...codes, other]);
      await expect(retryConflicts(run, noPause)).rejects.toThrow(other);
      expect(runs()).toBe(codes.length + 1);
    }),
  );
});

it('a transaction that conflicts every time fails after eight tries, with pauses of half a second at most', async () => {
  const { run, runs } = failing(Array.from({ length: 100 }, () => '40P01'));
  const pauses: number[] = [];
  await expect(retryConflicts(run, async (ms) => pauses.push(ms))).rejects.toThrow('40P01');
  expect(runs()).toBe(8);
  expect(pauses).toHaveLength(7);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(500);
});
