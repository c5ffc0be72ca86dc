import { afterEach, describe, expect, test } from 'vitest';
import { createPatternSearch, type PatternSearch } from '../../src/adapters/mime/pattern-search.ts';
import { ReadingStopped } from '../../src/domain/mail.ts';

type Search = PatternSearch<{ readonly text: string }, unknown>;

const threadOf = (name: string) => new URL(`../support/${name}`, import.meta.url);
let patterns: Search;
const open = (program = threadOf('search-thread.mjs'), ticks = 400) =>
  (patterns = createPatternSearch(program, { formats: ['plain'] }, { tickMs: 50, ticks }));
const search = (text: string) => patterns.search({ text }).catch((error: unknown) => error);
afterEach(() => patterns.close());

const found = (text: string) => ({ found: text, setting: { formats: ['plain'] } });

describe('A6: a long mail that is searched in a thread', () => {
  test('gets what the thread found by the formats that it was given', async () => {
    open();
    expect(await Promise.all([search('one'), search('two')])).toEqual([found('one'), found('two')]);
  });

  test.each([
    ['throw', 'ended-its-reader'],
    ['search for ever', 'took-too-long'],
  ])('is unreadable if patterns %s on it, and the mail behind it is searched', async (deed, reason) => {
    open(threadOf('search-thread.mjs'), 20);
    const [fatal, next] = [search(deed), search('two')];
    expect(await fatal).toMatchObject({ reason });
    expect(await next).toEqual(found('two'));
  });

  test('is left to the event loop if no thread starts', async () => {
    open(threadOf('no-such-thread.mjs'));
    expect(await search('one')).toBeNull();
  });

  test('does not hold up a close, and nothing is said about it', async () => {
    open();
    const [busy, waiting] = [search('search for ever'), search('two')];
    await patterns.close();
    expect(await busy).toBeInstanceOf(ReadingStopped);
    expect(await waiting).toBeInstanceOf(ReadingStopped);
  });
});
