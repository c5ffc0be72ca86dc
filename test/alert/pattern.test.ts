import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test, vi } from 'vitest';
import { readMime } from '../support/mime-reader.ts';
import { builtInFailures } from '../../src/alert/failures.ts';
import { findNeeds } from '../../src/alert/needed-text.ts';
import { parsePattern } from '../../src/alert/pattern/syntax.ts';
import { compile, type PatternMatcher } from '../../src/alert/pattern.ts';
import { toSearchText } from '../../src/alert/search-text.ts';
import { shippedFormats } from '../../src/alert/shipped-formats.ts';
import { fixturesReceivedAt } from '../support/mail-fixtures.ts';

interface Options {
  readonly ignoreCase: boolean;
}

type Found = readonly [start: number, ...groups: (string | null)[]];

type Search = (text: string) => Found[];

function findAll(matcher: PatternMatcher, names: readonly string[]): Found[] {
  const found: Found[] = [];
  while (found.length < 40 && matcher.find()) {
    found.push([matcher.start(), ...names.map((name) => matcher.group(name))]);
  }
  return found;
}

/** By the library alone. */
function compilePlainly(source: string, { ignoreCase }: Options): RE2JS {
  return RE2JS.compile(source, RE2JS.MULTILINE | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
}

function searchPlainly(source: string, options: Options): Search {
  const compiled = compilePlainly(source, options);
  return (text) => findAll(compiled.matcher(text), Object.keys(compiled.namedGroups()));
}

function search(source: string, options: Options): Search {
  const pattern = compile(source, options);
  return (text) => findAll(pattern.matcher(toSearchText(text)), Object.keys(pattern.namedGroups()));
}

function needsOf(pattern: string): ReturnType<typeof findNeeds> | 'not-understood' {
  const parsed = parsePattern(pattern, { ignoreCase: false });
  return parsed === null ? 'not-understood' : findNeeds(parsed);
}

describe('what a pattern needs is found out from the pattern alone', () => {
  const all = { withinLine: true };
  const cases: readonly [pattern: string, needs: ReturnType<typeof findNeeds>][] = [
    ['Host: \\S', { anyOf: ['host: '], ...all }],
    ['(?i)^[ \\t]*device[ \\t]*:', { anyOf: ['device'], ...all }],
    ['ab?c', { anyOf: ['a'], ...all }],
    ['ab+c{2}', { anyOf: ['a'], ...all }],
    ['x(?:one|three|)y', { anyOf: ['x'], ...all }],
    ['(?:one|three)y', { anyOf: ['one', 'three'], ...all }],
    ['(?<a>one)|.*', null],
    ['(?:abc)*', null],
    ['(?:abc){0,3}d', { anyOf: ['d'], ...all }],
    ['a.*b\\n', { anyOf: ['a'], withinLine: false }],
    ['a[^b]', { anyOf: ['a'], withinLine: false }],
    ['a[^\\s]', { anyOf: ['a'], withinLine: true }],
    ['a\\s+b', { anyOf: ['a'], withinLine: false }],
  ];
  test.each(cases)('%s', (pattern, needs) => expect(needsOf(pattern)).toEqual(needs));

  test.each([
    '(?s)a.b',
    '\\Aab',
    'ab\\z',
    '\\Qa.b\\E',
    '\\x41',
    '\\pLab',
    '[[:alpha:]]b',
    'a(?i)*b',
    '(?-m)a$',
  ])('nothing, where it is not understood: %s', (pattern) => expect(needsOf(pattern)).toBe('not-understood'));
});

const characters = fc.constantFrom(
  'a',
  'b',
  'k',
  's',
  'S',
  'K',
  ':',
  ' ',
  '-',
  'ab',
  'sk',
  'ka',
  '\\.',
  '\\-',
);
const sets = fc.constantFrom('.', '\\s', '\\S', '\\w', '\\W', '\\d', '\\n', '\\t', '\n', 'é', 'ſ', '{', '}');
const classes = fc.constantFrom(
  ...['[ab]', '[^a]', '[^\\n]', '[^\\s:]', '[\\s-]', '[]a]', '[^]a]', '[a\\]b]', '[\\t-\\r]', '[(|]'],
);
const assertions = fc.constantFrom('^', '$', '\\b', '\\B');
const unknown = fc.constantFrom('\\A', '\\z', '\\x41', '\\pL', '\\Qa.\\E', '[[:alpha:]]', '(?i)', '(?s)');
const atom = fc.oneof(
  { weight: 12, arbitrary: characters },
  { weight: 4, arbitrary: sets },
  { weight: 3, arbitrary: classes },
  { weight: 3, arbitrary: assertions },
  { weight: 1, arbitrary: unknown },
);
const repeat = fc.oneof(
  { weight: 9, arbitrary: fc.constant('') },
  {
    weight: 6,
    arbitrary: fc.constantFrom('?', '*', '+', '??', '*?', '+?', '{0}', '{0,2}', '{1,2}', '{2,}?'),
  },
  { weight: 1, arbitrary: fc.constantFrom('{01}', '{,2}', '**') },
);
const opening = fc.constantFrom('(', '(?:', '(?i:', '(?-i:', '(?<x>', '(?P<y>', '(?s:');

const { regex } = fc.letrec<{ regex: string; sequence: string; piece: string }>((tie) => ({
  regex: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((all) => all.join('|')),
  sequence: fc.array(tie('piece'), { maxLength: 5 }).map((all) => all.join('')),
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(atom, repeat).map(([one, often]) => `${one}${often}`),
    fc.tuple(opening, tie('regex'), repeat).map(([open, inside, often]) => `${open}${inside})${often}`),
  ),
}));
const source = fc
  .tuple(fc.constantFrom('', '', '(?i)', '(?s)', '(?-m)'), regex)
  .map(([flag, pattern]) => `${flag}${pattern}`)
  .filter(isValid);
const anyText = fc
  .array(fc.constantFrom(...Array.from('aabbkksSK:: -.\n\n\n\t\r/éſAB0\u212aİ'), 'ab', 'sk', '\u{1f600}'), {
    maxLength: 24,
  })
  .map((all) => all.join(''));

function isValid(pattern: string): boolean {
  try {
    return RE2JS.compile(pattern) !== null;
  } catch {
    return false;
  }
}

describe('telling whether there is a match', () => {
  test('agrees with finding one, for any pattern and text', () => {
    fc.assert(
      fc.property(source, anyText, fc.boolean(), (pattern, searched, ignoreCase) => {
        const options = { ignoreCase };
        const occurs = compile(pattern, options).occursIn(toSearchText(searched));
        expect(occurs).toBe(searchPlainly(pattern, options)(searched).length > 0);
      }),
      { numRuns: 500 },
    );
  });

  test('comes before finding groups in a text that nearly matches everywhere', () => {
    const pattern = compile('^[ \\t]*(?<said>(?:\\S.*)?fail(?:.*[^:\\s])?)[ \\t]*$');
    const findsGroups = vi.spyOn(RE2JS.prototype, 'matcher');
    expect(pattern.matcher(toSearchText('fail:\n'.repeat(1000))).find()).toBe(false);
    expect(findsGroups).not.toHaveBeenCalled();
    findsGroups.mockRestore();
  });
});

describe('looking for what a pattern needs first changes no answer', () => {
  test('of any pattern on any text', () => {
    fc.assert(
      fc.property(source, anyText, fc.boolean(), (pattern, searched, ignoreCase) => {
        const options = { ignoreCase };
        expect(search(pattern, options)(searched)).toEqual(searchPlainly(pattern, options)(searched));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['a\\s', 'a\\s*', '(?<x>a)\\n', 'a'])('of %s, whose matches follow one another', (pattern) => {
    const found = search(pattern, { ignoreCase: false })('a\na\na\n');
    expect(found).toHaveLength(3);
    expect(found).toEqual(searchPlainly(pattern, { ignoreCase: false })('a\na\na\n'));
  });

  test('of any pattern that ships on any text of the fixtures', { timeout: 120_000 }, async () => {
    const texts = await readFixtures();
    const known = new Set<string>();
    for (const { match, each, only, extract, ignore, recovers } of Object.values(shippedFormats)) {
      for (const { pattern } of [...match, ...extract, ...ignore, ...recovers]) known.add(pattern);
      for (const pattern of [each, only]) if (pattern !== null) known.add(pattern);
    }
    expect(known.size).toBeGreaterThan(90);
    for (const pattern of known) compareAll(pattern, texts, { ignoreCase: false });
    for (const { pattern } of builtInFailures) compareAll(pattern, texts, { ignoreCase: true });
  });
});

function compareAll(pattern: string, texts: readonly string[], options: Options): void {
  const [ours, plain, compiled] = [
    search(pattern, options),
    searchPlainly(pattern, options),
    compilePlainly(pattern, options),
  ];
  // To tell whether there is a match takes RE2 a twentieth of what it takes to find where.
  const expected = (text: string) => (compiled.test(text) ? plain(text) : []);
  // One comparison a pattern: to expect something of each text by itself would take most of the time.
  const wrong = texts.filter((text) => !isDeepStrictEqual(ours(text), expected(text)));
  expect({ pattern, wrong }).toEqual({ pattern, wrong: [] });
}

/** Bodies, subjects and all headers; of long bodies the beginning. */
async function readFixtures(): Promise<readonly string[]> {
  const folder = path.join(import.meta.dirname, '../fixtures/mail');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.eml'),
  );
  const mails = await Promise.all(
    files.map((file) =>
      readMime({
        source: readFileSync(path.join(folder, file)),
        via: 'file',
        receivedAt: fixturesReceivedAt,
      }),
    ),
  );
  const texts = mails.flatMap((mail) => [
    mail.text.slice(0, 3_000),
    mail.subject,
    ...[...mail.headers.values()].flat(),
  ]);
  return [...new Set(texts)];
}
