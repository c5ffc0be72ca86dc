import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeRules } from '../../src/threshold/rules-in-force.ts';
import { readRule, readSelector, writeRule } from '../../src/threshold/read-rule.ts';
import { rule } from './rules.ts';

describe('A9: a threshold as people type it', () => {
  const written = { for: '', over: 'device', needed: '4', within: '30m' };

  test.each([
    [written, rule()],
    [
      { ...written, for: 'region=EU failure=Access', over: 'Region', needed: '20', within: '1h' },
      rule({ region: 'EU', failure: 'access', over: 'region', count: 20, withinMs: 3_600_000 }),
    ],
    [{ ...written, over: 'package' }, rule({ over: 'package' })],
    [{ ...written, over: 'job' }, rule({ over: 'job' })],
    [{ ...written, for: 'building=“Haus 3”' }, rule({ building: 'Haus 3' })],
    [
      { ...written, over: 'server', needed: '50 %', within: '15m' },
      rule({ over: 'server', count: null, fraction: 0.5, withinMs: 900_000 }),
    ],
  ])('%o', (text, wanted) => {
    const { id: _, ...expected } = wanted;
    expect(readRule(text)).toEqual({ rule: expected, faults: null });
  });

  test.each([
    [{ ...written, for: 'planet=mars' }, ['for']],
    [{ ...written, for: 'region=eu region=us' }, ['for']],
    [{ ...written, for: 'region=' }, ['for']],
    [{ ...written, needed: '0' }, ['needed']],
    [{ ...written, needed: '101%', over: 'server' }, ['needed']],
    [{ ...written, needed: '50%' }, ['needed']],
    [{ ...written, needed: '50%', over: 'package' }, ['needed']],
    [{ ...written, within: 'soon' }, ['within']],
    [{ ...written, within: '0s', over: 'planet', needed: 'many' }, ['over', 'needed', 'within']],
  ])('%o is refused, and says where', (text, faults) => {
    expect(Object.keys(readRule(text).faults ?? {})).toEqual(faults);
  });

  test('what is written is read as the same rule', () => {
    const word = fc.stringMatching(/^[a-z0-9][a-z0-9 .-]{0,8}[a-z0-9]$/);
    const some = fc.record({
      device: fc.option(word),
      building: fc.option(word),
      failure: fc.option(word),
      over: fc.constantFrom('server', 'building', 'region', 'network'),
      amount: fc.oneof(
        fc.record({ count: fc.integer({ min: 1, max: 1e6 }), fraction: fc.constant(null) }),
        fc.record({
          count: fc.constant(null),
          fraction: fc.integer({ min: 1, max: 100 }).map((n) => n / 100),
        }),
      ),
      withinMs: fc.integer({ min: 1, max: 100_000 }).map((s) => s * 1000),
    });
    fc.assert(
      fc.property(some, ({ amount, ...rest }) => {
        const { id: _, ...expected } = rule({ ...rest, ...amount });
        expect(readRule(writeRule(expected)).rule).toEqual(expected);
      }),
    );
  });

  test('whatever is typed is read or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(['string', 'object']).toContain(typeof readSelector(text));
      }),
    );
  });
});

describe('A9: rules in force', () => {
  const config = [rule({ id: 'thresholds[0]' }), rule({ id: 'thresholds[1]', region: 'eu' })];
  const override = (only: Parameters<typeof rule>[0]) => {
    const { id: _, ...set } = rule(only);
    return { id: 7, rule: set, setBy: 'T/U0ANA', setAt: new Date(0) };
  };

  test('an override stands in for the config’s rule for the same alerts, under its name', () => {
    const [first, second, ...more] = mergeRules(config, [override({ region: 'EU', count: 9 })]);
    expect(first).toEqual({ rule: config[0], override: null, replaces: null });
    expect(second).toMatchObject({
      rule: { id: 'thresholds[1]', count: 9 },
      override: { id: 7 },
      replaces: config[1],
    });
    expect(more).toEqual([]);
  });

  test('an override for other alerts adds a rule', () => {
    const added = mergeRules(config, [override({ device: 'int-38' })]).at(-1);
    expect(added).toMatchObject({ rule: { id: 'set in Slack for device int-38' }, replaces: null });
  });
});
