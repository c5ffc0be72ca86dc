import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBytes, encodeText, isBinary } from '../../src/domain/byte-text.ts';

describe('bytes as text', () => {
  it('are text where they are UTF-8', () => {
    expect(decodeBytes(Buffer.from('Größe.csv'))).toBe('Größe.csv');
    expect(isBinary('Größe.csv')).toBe(false);
  });

  it.each([
    ['Latin-1', [0x4b, 0xf6, 0x6c, 0x6e]],
    ['a torn character', [0x61, 0xe2, 0x82]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a stand-in itself', [0xf4, 0x8f, 0x9c, 0x80]],
  ])('survive: %s', (_name, bytes) => {
    const text = decodeBytes(Uint8Array.from(bytes));
    expect(isBinary(text)).toBe(true);
    expect(text).not.toMatch(/\p{Cs}/u);
    expect([...encodeText(text)]).toEqual(bytes);
  });

  it('survive whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect([...encodeText(decodeBytes(bytes))]).toEqual([...bytes]);
      }),
    );
  });
});
