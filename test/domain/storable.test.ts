import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storable, storableText } from '../../src/domain/storable.ts';

it.each([
  ['a\0b', 'a\ufffdb'],
  ['a\ud83d', 'a\ufffd'],
  ['\ude00a', '\ufffda'],
  ['Köln 漢 😀', 'Köln 漢 😀'],
])('%j is stored as %j', (text, stored) => {
  expect(storableText(text)).toBe(stored);
});

it('data keeps all but what can’t be stored, wherever it is', () => {
  const at = new Date();
  const data = { device: 'a\0', at, gates: [{ values: { n: 1, by: '\ud800', none: null } }] };
  const stored = { device: 'a\ufffd', at, gates: [{ values: { n: 1, by: '\ufffd', none: null } }] };
  expect(storable(data)).toEqual(stored);
});

it('what was cleaned is well-formed, and is not changed again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const stored = storableText(text);
      expect(stored).not.toContain('\0');
      expect(Buffer.from(stored).toString()).toBe(stored);
      expect(storableText(stored)).toBe(stored);
    }),
  );
});
