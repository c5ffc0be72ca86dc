import { expect, it } from 'vitest';
import fc from 'fast-check';
import { chainDays } from '../../src/redistribution/audit-chain.ts';

const entry = (at: string, what: string) => ({ at: new Date(at), who: 'T/U', what, about: 'x' });
const entries = [
  entry('2026-11-20T23:59:59Z', 'asked'),
  entry('2026-11-21T00:00:00Z', 'approved'),
  entry('2026-11-21T10:00:00Z', 'succeeded'),
  entry('2026-11-23T10:00:00Z', 'asked'),
];

it('the audit has a digest for each day, by UTC, in the order of writing', () => {
  const days = chainDays(entries);
  expect(days.map(({ day, lines }) => [day, lines.length])).toEqual([
    ['2026-11-20', 1],
    ['2026-11-21', 2],
    ['2026-11-23', 1],
  ]);
  expect(new Set(days.map(({ digest }) => digest)).size).toBe(3);
  expect(chainDays([])).toEqual([]);
});

it('a change of one entry changes the digest of its day and of each day since, and of none before', () => {
  const before = chainDays(entries).map(({ digest }) => digest);
  fc.assert(
    fc.property(fc.nat({ max: 3 }), fc.constantFrom('changed', 'gone'), (index, how) => {
      const changed = entries.flatMap((one, at) => {
        if (at !== index) return [one];
        return how === 'gone' ? [] : [{ ...one, what: 'rejected' }];
      });
      const day = entries[index]?.at.toISOString().slice(0, 10) ?? '';
      const after = new Map(chainDays(changed).map((one) => [one.day, one.digest]));
      for (const [at, one] of chainDays(entries).entries()) {
        expect(after.get(one.day) === before[at]).toBe(one.day < day);
      }
    }),
  );
});

it('what follows leaves the digests of the days before as they were', () => {
  const later = chainDays([...entries, entry('2026-11-24T00:00:00Z', 'more')]);
  expect(later.slice(0, 3)).toEqual(chainDays(entries));
});
