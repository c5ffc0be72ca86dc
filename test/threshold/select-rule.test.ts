import { expect, test } from 'vitest';
import type { ThresholdRule } from '../../src/domain/policy.ts';
import { selectRule } from '../../src/threshold/select-rule.ts';

const rule = (id: string, only: Partial<ThresholdRule>): ThresholdRule => ({
  id,
  failure: null,
  device: null,
  region: null,
  over: 'device',
  count: 4,
  withinMs: 1_800_000,
  ...only,
});

const rules = [
  rule('any', {}),
  rule('connection', { failure: 'connection' }),
  rule('eu', { region: 'eu' }),
  rule('eu-access', { region: 'EU', failure: 'access' }),
  rule('int-38', { device: 'int-38' }),
  rule('int-38-access', { device: 'int-38', failure: 'access' }),
];

test.each([
  [
    'a failure without a rule of its own',
    { failure: 'package', device: 'c-1', region: null },
    'any',
    'general-rule',
  ],
  [
    'a failure with a rule',
    { failure: 'connection', device: 'c-1', region: null },
    'connection',
    'failure-rule',
  ],
  ['a region beats a failure', { failure: 'connection', device: 'c-1', region: 'eu' }, 'eu', 'region-rule'],
  [
    'a region with the failure beats the region',
    { failure: 'access', device: 'c-1', region: 'eu' },
    'eu-access',
    'region-rule',
  ],
  ['a device beats all', { failure: 'connection', device: 'int-38', region: 'eu' }, 'int-38', 'device-rule'],
  [
    'a device with the failure beats the device',
    { failure: 'access', device: 'INT-38', region: 'eu' },
    'int-38-access',
    'device-rule',
  ],
])('%s', (_case, alert, id, reason) => {
  expect(selectRule(rules, alert)).toMatchObject({ rule: { id }, reason });
  expect(selectRule(rules.toReversed(), alert)).toMatchObject({ rule: { id }, reason });
});

test('an alert that no rule fits has none', () => {
  const alert = { failure: 'package', device: 'c-1', region: null };
  expect(selectRule([rule('eu', { region: 'eu' })], alert)).toBeNull();
  expect(selectRule([], alert)).toBeNull();
});
