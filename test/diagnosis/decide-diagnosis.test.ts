import { expect, test } from 'vitest';
import { decideDiagnosis, policyFor } from '../../src/diagnosis/decide-diagnosis.ts';

const policy = {
  onVerdict: { 'device-down': 'ticket', reachable: 'suppress', 'network-down': 'hold', inconclusive: 'hold' },
  lookAgainAfterMs: [60_000, 120_000],
} as const;

test.each([
  ['device-down', 0, 'ticket', 'device-down', null],
  ['reachable', 0, 'suppress', 'reachable', null],
  ['network-down', 0, 'hold', 'network-down', 60_000],
  ['inconclusive', 1, 'hold', 'inconclusive', 120_000],
  ['network-down', 2, 'ticket', 'network-down-after-last-look', null],
  ['network-down', 9, 'ticket', 'network-down-after-last-look', null],
  ['reachable', 2, 'suppress', 'reachable', null],
] as const)('%s after %d looks: %s', (verdict, looks, action, reason, lookAgainInMs) => {
  expect(decideDiagnosis({ verdict }, looks, policy)).toEqual({ action, reason, lookAgainInMs });
});

test('without waits nothing is held', () => {
  const decision = decideDiagnosis({ verdict: 'inconclusive' }, 0, { ...policy, lookAgainAfterMs: [] });
  expect(decision.action).toBe('ticket');
});

test.each([
  ['access', 'ticket'],
  ['Access', 'ticket'],
  ['connection', 'hold'],
])('A11: %s failures follow their own policy, where the site gave them one', (failure, action) => {
  const access = {
    failure: 'access',
    onVerdict: { ...policy.onVerdict, inconclusive: 'ticket' },
    lookAgainAfterMs: [],
  } as const;
  const site = { ...policy, pings: 3, timeoutMs: 1000, ports: [], atOnce: 16, failures: [access] };
  expect(decideDiagnosis({ verdict: 'inconclusive' }, 0, policyFor(failure, site)).action).toBe(action);
});
