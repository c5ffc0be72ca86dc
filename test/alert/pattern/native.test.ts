import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { decideNative, nativeFlags } from '../../../src/alert/pattern/native.ts';
import { type Node, parsePattern } from '../../../src/alert/pattern/syntax.ts';
import { certainHostName, packageInText } from '../../../src/alert/shipped/patterns.ts';
import { shippedFormats } from '../../../src/alert/shipped-formats.ts';
import { countPlaces, countReads } from '../../support/count-reads.ts';

const anyPiece = fc.constantFrom(
  ...[
    'a',
    'b',
    'k',
    's',
    ': ',
    '-',
    'sk',
    'é',
    '\\.',
    '\\d',
    '\\s',
    '\\w',
    '.',
    '[ab]',
    '[^a\\n]',
    '[^\\s:]',
    '\\b',
  ],
  ...[
    '$',
    '(?:a|bk)',
    '(?i:k|s)',
    '(?:ab?)',
    '(?:\\n|:)',
    '(?:a-)',
    '(a)',
    '(b+)',
    '(?:(s)|(k))',
    '(k|ka)',
    '^',
  ],
);
const anyRepeat = fc.constantFrom(
  '',
  '',
  '',
  '',
  '?',
  '*',
  '+',
  '??',
  '*?',
  '+?',
  '{2}',
  '{0,2}',
  '{1,3}?',
  '{2,}',
);
const anyStart = fc.constantFrom('', '^', '(?:^|:)', '(?i)', '(?i)^', '^[ \\t]*');
/** Patterns of which a good part is looked for natively. */
const anyNative = fc
  .tuple(
    anyStart,
    fc.array(
      fc.tuple(anyPiece, anyRepeat).map((both) => both.join('').replace(/^(\^|\$|\\b).*/, '$1')),
      { minLength: 1, maxLength: 6 },
    ),
    fc.boolean(),
  )
  .map(([first, pieces, ignoreCase]) => ({ pattern: first + pieces.join(''), ignoreCase }))
  .map((written) => ({ ...written, ...readNative(written.pattern, written.ignoreCase) }))
  .filter((one): one is Native & { pattern: string; ignoreCase: boolean } => one.regexp !== undefined);
const anyText = fc
  .array(fc.constantFrom(...Array.from('aabbkksSK:: -.\n\n\t\r/éÉſAB0\u212a'), 'ab', 'sk', '\u{1f600}'), {
    maxLength: 24,
  })
  .map((all) => all.join(''));

interface Native {
  readonly parsed: Node;
  readonly regexp: RegExp;
}

function readNative(pattern: string, ignoreCase = false): Native | null {
  const parsed = parsePattern(pattern, { ignoreCase });
  const decision = decideNative(parsed);
  return parsed && decision.native ? { parsed, regexp: new RegExp(decision.source, nativeFlags) } : null;
}

/** More work than that is not linear: every place of a pattern reads every character at most once, but for a sure end. */
function linearReads(parsed: Node, text: string): number {
  return (countPlaces(parsed) + 1) * text.length;
}

describe('JavaScript’s engine looks for no pattern that could keep it busy', () => {
  test.each([
    ['(a+)+$', 'group-in-repeat'],
    ['(?:a+)+$', 'two-ways'],
    ['(?:a*)*b', 'empty-repeat'],
    ['(a|a)*b', 'group-in-repeat'],
    ['(?:a|a)*b', 'two-ways'],
    ['(?:a|ab|b)+c', 'two-ways'],
    ['(?:a|a?)+b', 'empty-repeat'],
    ['(?:a?|b?)(?:a?|b?)c', 'empty-choices'],
    ['a?a?a?a?a?a?aaaaaaX', 'two-ways'],
    ['(?:.*)(?:.*)x', 'two-ways'],
    ['\\s*\\s*x', 'two-ways'],
    ['\\s+x', 'two-ways'],
    ['[ \\t]+$', 'two-ways'],
    ['.*x', 'two-ways'],
    ['^(?:.*?),(?:.*?),(?:.*?),x', 'two-ways'],
    ['^(.*?),(.*?),x', 'two-ways'],
    ['foo.*bar', 'two-ways'],
    ['"[^"]*".*!', 'two-ways'],
    ['^\\s*x', 'two-ways'],
    ['^PLAY \\[[^\\]]+\\]', 'two-ways'],
    ['^(?:a.*\\n)*b', 'two-ways'],
    ['\\w+@x', 'two-ways'],
    ['^\\d+-?\\d+-?\\d+x', 'two-ways'],
    ['(?:[a-z]{1,9}){1,9}!', 'two-ways'],
    ['(?:a{30}){40}b', 'too-large'],
    ['a*', 'matches-nothing'],
    ['\\bfoo|^', 'matches-nothing'],
    ['a(?s:.)', 'not-understood'],
  ])('%s: %s', (pattern, reason) => {
    expect(decideNative(parsePattern(pattern, { ignoreCase: false }))).toEqual({ native: false, reason });
  });

  test.each([
    ['(?:a+)+x', 'a'],
    ['(?:.*)(?:.*)x', 'a'],
    ['^(?:.*?),(?:.*?),x', ','],
    ['foo.*bar', 'foo'],
    ['^\\s*x', '\n'],
  ])('for %s the work would be more than linear', (pattern, unit) => {
    const parsed = parsePattern(pattern, { ignoreCase: false }) ?? expect.fail();
    const text = unit.repeat(60);
    const limit = linearReads(parsed, text);
    expect(countReads(parsed, text, limit + 1)).toBeGreaterThan(limit);
  });

  test('it reads each character at most once for each place of a pattern that it looks for', () => {
    fc.assert(
      fc.property(anyNative, anyText, fc.integer({ min: 1, max: 40 }), ({ parsed }, unit, times) => {
        const repeated = unit.repeat(times);
        const limit = linearReads(parsed, repeated);
        expect(countReads(parsed, repeated, limit + 1)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('JavaScript’s engine finds what RE2 finds', () => {
  test.each([
    'Host: \\S+',
    '(?i)^[ \\t]*device[ \\t]*:[ \\t]*(?<x>.+)',
    '@(?<x>[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)',
    '(?:could not|couldn.t|cannot|can.t) connect',
    '^(?:(?:Failed|Unreachable): )?(?<x>.+)',
    '"[^"]*"',
    '(?i)échec|falló|失敗',
    packageInText,
    `\\((?<device>${certainHostName})\\)$`,
  ])('%s is such a pattern', (pattern) => {
    expect(decideNative(parsePattern(pattern, { ignoreCase: true }))).toMatchObject({ native: true });
  });

  test('of most of the patterns that ship', () => {
    const patterns = Object.values(shippedFormats).flatMap(({ match, extract, ignore, recovers }) =>
      [...match, ...extract, ...ignore, ...recovers].map(({ pattern }) => pattern),
    );
    const natives = patterns.filter((pattern) => readNative(pattern) !== null);
    expect(natives.length).toBeGreaterThan(patterns.length / 2);
  });

  test('with the same groups, of any pattern on any text', () => {
    fc.assert(
      fc.property(anyNative, anyText, ({ pattern, ignoreCase, regexp }, searched) => {
        expect(findNatively(regexp, searched)).toEqual(findByRe2(pattern, searched, ignoreCase));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['s', 'K', '\\w', '\\W', '[a-z]', '[^k]', 'é', 'å', '[à-ö]', 'ÿ', '[\\s\\W]', '\\v', '\\s', '.'])(
    'whatever the case: %s',
    (pattern) => {
      const native = readNative(pattern, true);
      const text = Array.from(
        'sSkK\u017f\u212aaÀàåÅ\u212bÿŸéÉß\u1e9e_- \n\r\t\v\f\u2028\u2029\u00a0\u{1f600}\ud800',
      );
      for (const one of text)
        if (native) expect(findNatively(native.regexp, one)).toEqual(findByRe2(pattern, one, true));
      expect(native === null).toBe(['å', '[à-ö]', 'ÿ'].includes(pattern));
    },
  );

  test.each(['^(?:[a-w]|x)*y', '^(?:[a-w]?x)+?y', '^(?:.x)*(?:[a-w]|x)?y'])(
    'in a text as long as any that it is given: %s',
    (pattern) => {
      const { regexp } = readNative(pattern) ?? expect.fail();
      expect(findNatively(regexp, 'x'.repeat(1_048_576))).toEqual([]);
    },
  );
});

type Found = readonly (string | null)[];

function findNatively(regexp: RegExp, text: string): Found[] {
  return [...text.matchAll(regexp)].map((match) => [
    String(match.index),
    ...Array.from(match, (group) => group ?? null),
  ]);
}

function findByRe2(pattern: string, text: string, ignoreCase: boolean): Found[] {
  const compiled = RE2JS.compile(pattern, RE2JS.MULTILINE | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  const matcher = compiled.matcher(text);
  const found: Found[] = [];
  while (matcher.find()) {
    const groups = Array.from({ length: compiled.groupCount() + 1 }, (_, index) => matcher.group(index));
    found.push([String(matcher.start()), ...groups]);
  }
  return found;
}
