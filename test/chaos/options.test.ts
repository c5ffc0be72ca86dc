import { describe, expect, it } from 'vitest';
import { describeFaults, readOptions } from '../../src/chaos/options.ts';
import { faultNames } from '../../src/chaos/fault-kinds.ts';

const now = new Date('2026-11-30T08:00:00.123Z');

describe('the options of chaos', () => {
  it('take the seed from the clock, and six rounds at the same time, where nothing else is said', () => {
    expect(readOptions([], now)).toEqual({
      world: 'all',
      rounds: 10,
      seed: now.getTime() % 1_000_000,
      faults: [],
      round: null,
      atOnce: 6,
      isDry: false,
    });
  });

  it('take several faults', () => {
    const options = readOptions(['--fault', 'bot-killed', '--fault', 'run-race'], now);
    expect(options).toMatchObject({ faults: ['bot-killed', 'run-race'] });
  });

  it.each([
    [['--world', 'moon'], '--world must be one of mail, runs, all (got "moon")'],
    [['--rounds', '0'], '--rounds must be at least 1 (got 0)'],
    [['--rounds', 'many'], '--rounds must be a whole number below 10^9 (got "many")'],
    [['--seed', '1.5'], '--seed must be a whole number below 10^9 (got "1.5")'],
    [['--at-once', '0'], '--at-once must be at least 1 (got 0)'],
    [['--fault', 'rain'], '--fault must be one of bot-killed'],
  ])('that are wrong are named with what they may be: %j', (argv, message) => {
    expect(() => readOptions(argv, now)).toThrow(message);
  });

  it('come with a help that names every fault', () => {
    for (const name of faultNames) expect(describeFaults()).toContain(`  ${name} `);
    expect(readOptions(['--help'], now)).toBe('help');
  });
});
