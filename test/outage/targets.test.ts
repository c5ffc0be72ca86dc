import { describe, expect, test } from 'vitest';
import { parseTarget, readTargets, spellTarget } from '../../src/outage/targets.ts';

describe('A10: what a person or a list can name', () => {
  test.each([
    ['int-38', 'int-38'],
    [' INT-38. ', 'int-38'],
    ['device:int-38', 'int-38'],
    ['10.0.0.38', '10.0.0.38'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['AA-BB-CC-00-11-22', 'aa:bb:cc:00:11:22'],
    ['Server: int-38', 'server:int-38'],
    ['group:Core Routers', 'group:core routers'],
    ['building:Köln/B3', 'building:köln/b3'],
    ['REGION:eu', 'region:eu'],
    ['server:', null],
    ['', null],
    ['two words', null],
    ['room:12', null],
    ['x'.repeat(201), null],
  ])('%s', (written, spelled) => {
    const target = parseTarget(written);
    expect(target && spellTarget(target)).toBe(spelled);
  });
});

describe('A10: what a calendar event is for', () => {
  const knows = (name: string) => ['int-38', '10.0.0.38'].includes(name.toLowerCase());
  test.each([
    ['a category', ['server:int-38'], ['Disk swap'], ['server:int-38']],
    ['several of them', ['int-58', 'building:B3'], [], ['int-58', 'building:b3']],
    ['a mention in the summary', [], ['Patch day for region:eu, again'], ['region:eu']],
    ['a quoted name', [], ['Move of building:"Haus 3" (all day)'], ['building:haus 3']],
    ['the end of a sentence', [], ['We move server:int-38.'], ['server:int-38']],
    ['a location that is a known device', [], ['10.0.0.38', 'Disk swap'], ['10.0.0.38']],
    ['a summary that begins with a known device', [], ['int-38: disk swap'], ['int-38']],
    ['a known device elsewhere in the summary is none', [], ['About int-38'], []],
    ['a mention wins over a known device', [], ['int-38 and group:core'], ['group:core']],
    ['words that are nothing of ours', ['Holiday'], ['Team lunch', 'Room 3'], ['holiday']],
    ['an event about nothing', [], ['Team lunch', 'Room 3'], []],
    ['the same thing twice', ['region:eu'], ['region:EU'], ['region:eu']],
    ['a word that only ends like a kind', [], ['subregion:eu'], []],
  ])('%s', (_case, targets, sentences, expected) => {
    expect(readTargets({ targets, sentences }, knows).map(spellTarget)).toEqual(expected);
  });
});
