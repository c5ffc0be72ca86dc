import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonBounds, jsonLimits } from '../../../src/alert/json/json-bounds.ts';

/** What is too much in a text that arrives in pieces of `size` bytes, and how many of its bytes were looked at for it. */
function scan(text: string, size = 1_000) {
  const bytes = new TextEncoder().encode(text);
  const bounds = createJsonBounds();
  for (let start = 0; start < bytes.length; start += size) {
    const fault = bounds.add(bytes.subarray(start, start + size));
    if (fault !== null) return { fault, lookedAt: start + size };
  }
  return { fault: null, lookedAt: bytes.length };
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const members = (count: number, name: (n: number) => string) =>
  `{${Array.from({ length: count }, (_, n) => `"${name(n)}":1`).join(',')}}`;

describe('a JSON body is refused before anything parses it', () => {
  it.each([
    ['nested 33 levels deep', nested(33), 'nested more than 32 levels'],
    ['nested five million levels deep', nested(5_000_000), 'nested more than 32 levels'],
    ['deep by objects', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, 'nested more than 32 levels'],
    ['with millions of empty objects', `[${'{},'.repeat(3_300_000)}{}]`, 'more than 500000 values'],
    ['with too many members', members(1_001, (n) => `k${n}`), 'more than 1000 members'],
    ['with a key that is long', `{"${'k'.repeat(1_025)}":1}`, 'a key in the body is longer'],
    ['with a long string', `["${'s'.repeat(262_145)}"]`, 'a string in the body is longer'],
    ['with a string that never ends', `"${'\\"'.repeat(200_000)}`, 'a string in the body is longer'],
    [
      'with a number of a thousand digits',
      `[${'9'.repeat(1_000)}]`,
      'a number or word in the body is longer',
    ],
    [
      'with keys of digits that may collide',
      `[${Array.from({ length: 2 }, () => members(600, (n) => String(n))).join(',')}]`,
      'more than 1000 keys that are numbers',
    ],
    [
      'with such keys in escapes',
      `[${Array.from({ length: 2 }, () => members(600, (n) => `\\u0031${n}`)).join(',')}]`,
      'more than 1000 keys that are numbers',
    ],
  ])('%s', (_what, text, fault) => {
    expect(scan(text).fault).toContain(fault);
    expect(scan(text, 7).fault).toBe(scan(text).fault);
  });

  it('a deep body is refused at its first piece, however long it is', () => {
    expect(scan(nested(5_000_000)).lookedAt).toBe(1_000);
  });
});

describe('a JSON body within bounds is none of the scan’s business', () => {
  it.each([
    ['nested 32 levels', nested(32)],
    ['a thousand members', members(1_000, (n) => `k${n}`)],
    ['brackets and commas in strings', JSON.stringify({ text: '[{,'.repeat(10_000) })],
    ['quotes in strings', JSON.stringify({ text: '\\"'.repeat(10_000) })],
    ['spaces', `[1,${' '.repeat(100_000)}2]`],
    ['no JSON at all', '}}}]]],,,:::'],
    [
      'the largest group of Alertmanager’s that fits in 10 MB',
      JSON.stringify({ version: '4', alerts: Array.from({ length: 43_000 }, (_, n) => firing(n)) }),
    ],
  ])('%s', (_what, text) => {
    expect(scan(text).fault).toBeNull();
  });

  it('any JSON of a sane size is within bounds, however it is cut into pieces', () => {
    const values = fc.json({ maxDepth: 5 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (text, size) => {
        expect(scan(text, size).fault).toBeNull();
      }),
    );
  });

  it('depth is found as a parser would find it, whatever strings hold', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 20, max: 34 }), (value, levels) => {
        const text = `${'['.repeat(levels)}${JSON.stringify(value)}${']'.repeat(levels)}`;
        const isDeep = depthOf(value) + levels > jsonLimits.depth;
        expect(scan(text).fault !== null).toBe(isDeep);
      }),
    );
  });
});

function firing(n: number) {
  return {
    status: 'firing',
    labels: { alertname: 'A', instance: `h${n}` },
    annotations: {},
    startsAt: '2026-11-30T00:00:00.000Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: n.toString(16).padStart(16, '0'),
  };
}
