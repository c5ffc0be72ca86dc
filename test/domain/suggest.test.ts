import { expect, it } from 'vitest';
import { suggestWord, suggestWords } from '../../src/domain/suggest.ts';

it.each([
  ['outge', ['outage', 'outages', 'report'], 'outage'],
  ['oepn', ['mine', 'open', 'held'], 'open'],
  ['INT-38', ['int-38'], 'int-38'],
  ['xyz', ['outage', 'report'], null],
])('"%s" of %j is probably "%s"', (typed, known, expected) => {
  expect(suggestWord(typed, known)).toBe(expected);
});

it('the nearest names come first, each once, and no more than were asked for', () => {
  expect(suggestWords('int-3', ['int-58', 'int-38', 'int-3', 'int-38'], 2)).toEqual(['int-3', 'int-38']);
});
