import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleDimensions, scopes } from '../../src/domain/policy.ts';
import { counterOf } from '../../src/threshold/counter.ts';
import { describeSelector, ruleKey, selectRules } from '../../src/threshold/select-rule.ts';
import { rule, subject } from './rules.ts';

describe('A9: the most specific rule wins, in one order over all dimensions', () => {
  const fitting = {
    device: 'INT-58',
    group: 'dmz',
    building: 'b3',
    server: 'int-38',
    region: 'eu',
    package: 'geo-db',
    failure: 'connection',
  } as const;

  test.each(ruleDimensions.slice(0, -1).map((dimension, index) => [dimension, index] as const))(
    'a rule for the %s beats one for everything that comes after it',
    (dimension, index) => {
      const strong = rule({ id: 'strong', [dimension]: fitting[dimension] });
      const later = ruleDimensions.slice(index + 1).map((one) => [one, fitting[one]] as const);
      const weak = rule({ id: 'weak', ...Object.fromEntries(later) });
      for (const rules of [
        [strong, weak],
        [weak, strong],
      ]) {
        expect(selectRules(rules, subject())[0]).toMatchObject({
          rule: { id: 'strong' },
          reason: `${dimension}-rule`,
          beaten: [{ id: 'weak' }],
        });
      }
    },
  );

  test('on the same level the next dimension decides', () => {
    const rules = [
      rule({ id: 'region', region: 'eu' }),
      rule({ id: 'region and failure', region: 'eu', failure: 'connection' }),
    ];
    expect(selectRules(rules, subject())[0]?.rule.id).toBe('region and failure');
    expect(selectRules(rules, subject({ failure: 'access' }))[0]?.rule.id).toBe('region');
  });

  test('of a device’s groups the one that the inventory names first wins', () => {
    const rules = [rule({ id: 'dmz', group: 'dmz' }), rule({ id: 'kiosk', group: 'Kiosk' })];
    expect(selectRules(rules, subject())[0]?.rule.id).toBe('kiosk');
    expect(selectRules(rules, subject({ groups: ['dmz', 'kiosk'] }))[0]?.rule.id).toBe('dmz');
    expect(selectRules(rules, subject({ groups: [] }))).toEqual([]);
  });

  test.each([
    ['a rule for everything fits', {}, 'general-rule'],
    ['a rule for another device does not', { device: 'int-59' }, null],
    ['a rule for another package does not', { package: 'edge' }, null],
  ])('%s', (_case, only, reason) => {
    expect(selectRules([rule(only)], subject())[0]?.reason ?? null).toBe(reason);
  });

  test('a rule for something that the alert does not say does not fit', () => {
    expect(selectRules([rule({ building: 'B3' })], subject({ building: null }))).toEqual([]);
  });

  test('each scope has the most specific rule of its own, so that a rule over the network switches no device rule off', () => {
    const rules = [
      rule({ id: 'device' }),
      rule({ id: 'network', over: 'network', failure: 'connection' }),
      rule({ id: 'eu', over: 'network', region: 'eu' }),
      rule({ id: 'package', over: 'package' }),
    ];
    expect(selectRules(rules, subject()).map((one) => one.rule.id)).toEqual(['device', 'eu', 'package']);
    expect(selectRules(rules, subject({ region: null }))[1]?.rule.id).toBe('network');
  });

  test.each([
    ['is alone where it is the most specific of all', { region: 'eu' }, ['instead']],
    ['does not apply where a more specific rule does', { region: 'eu', failure: 'connection' }, ['device']],
    [
      'does not concern alerts that it does not fit',
      { region: 'us', failure: 'access' },
      ['every', 'network'],
    ],
  ])('a rule with instead %s', (_case, one, expected) => {
    const rules = [
      rule({ id: 'every' }),
      rule({ id: 'network', over: 'network' }),
      rule({ id: 'instead', region: 'eu', over: 'region', instead: true }),
      rule({ id: 'device', region: 'eu', failure: 'connection' }),
    ];
    const alert = subject({ failure: 'access', ...one });
    expect(selectRules(rules, alert).map(({ rule: { id } }) => id)).toEqual(expected);
  });

  test('what a rule is for is told in words', () => {
    expect(describeSelector(rule())).toBe('every alert');
    expect(describeSelector(rule({ device: 'int-38', failure: 'access' }))).toBe(
      'device int-38, failure access',
    );
  });
});

const few = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const anySubject = fc.record({
  failure: few('connection', 'access'),
  package: few('a', 'b', null),
  job: few('J1', null),
  device: few('x', 'y'),
  groups: few<readonly string[]>([], ['g'], ['h', 'g']),
  building: few('B1', 'B2', null),
  server: few('s', 't', null),
  region: few('eu', 'us', null),
  upstream: fc.constant(null),
});
const anyRule = fc.record({
  failure: few('connection', null),
  package: few('a', null),
  device: few('x', null),
  group: few('g', 'h', null),
  building: few('B1', null),
  server: few('s', null),
  region: few('eu', null),
  over: fc.constantFrom(...scopes),
});
const anyRules = fc
  .uniqueArray(anyRule, { maxLength: 8, selector: ruleKey })
  .map((rules) => rules.map((one, index) => rule({ ...one, id: `thresholds[${index}]` })));

test('A9: the order of the rules makes no difference: no two of them tie', () => {
  fc.assert(
    fc.property(anyRules, anySubject, (rules, one) => {
      expect(selectRules(rules.toReversed(), one)).toEqual(selectRules(rules, one));
    }),
  );
});

test('A9: everything that is added up falls under one rule', () => {
  fc.assert(
    fc.property(anyRules, fc.array(anySubject, { maxLength: 30 }), (rules, subjects) => {
      const ruleOf = new Map<string, string>();
      for (const one of subjects) {
        for (const { rule: chosen } of selectRules(rules, one)) {
          const counter = counterOf(chosen, one);
          expect(ruleOf.get(counter) ?? chosen.id).toBe(chosen.id);
          ruleOf.set(counter, chosen.id);
        }
      }
    }),
    { numRuns: 1000 },
  );
});
