import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldNames } from '../../src/messages/fold-names.ts';
import { clients } from './fixtures.ts';

test.each<[names: string[], folded: string]>([
  [[], ''],
  [['client-011'], 'client-011'],
  [['client-011', 'client-012'], 'client-[011-012]'],
  [clients, 'client-[011-210]'],
  [['client-013', 'client-011', 'client-012', 'client-020'], 'client-[011-013,020]'],
  [['pc8', 'pc9', 'pc10', 'pc11'], 'pc[8-11]'],
  [['pc08', 'pc09', 'pc10'], 'pc[08-10]'],
  [['pc9', 'pc09', 'pc10'], 'pc[9,09-10]'],
  [['pc099', 'pc100'], 'pc[099-100]'],
  [['a1', 'b1', 'a2'], 'a[1-2], b1'],
  [['pc1.north', 'pc2.north', 'pc1.south'], 'pc[1-2].north, pc1.south'],
  [['master', 'client-1', 'master'], 'master, client-1'],
  [['7', '8', '10'], '[7-8,10]'],
])('%j is written %s', (names, folded) => {
  expect(foldNames(names)).toBe(folded);
});

test('folding loses no name and makes up none', () => {
  const name = fc.tuple(
    fc.constantFrom('pc', 'client-', 'x'),
    fc.stringMatching(/^\d{0,3}$/),
    fc.constantFrom('', '.lan'),
  );
  fc.assert(
    fc.property(fc.array(name.map((parts) => parts.join(''))), (names) => {
      expect(new Set(unfold(foldNames(names)))).toEqual(new Set(names));
    }),
  );
});

function unfold(folded: string): string[] {
  const parts = folded === '' ? [] : folded.split(', ');
  return parts.flatMap((part) => {
    const match = /^(.*)\[(.*)\](.*)$/.exec(part);
    if (!match) return [part];
    const numbers = (match[2] ?? '').split(',').flatMap((run) => {
      const [first = '', last = first] = run.split('-');
      const count = Number(last) - Number(first) + 1;
      return Array.from({ length: count }, (_, index) =>
        String(Number(first) + index).padStart(first.length, '0'),
      );
    });
    return numbers.map((number) => `${match[1]}${number}${match[3]}`);
  });
}
