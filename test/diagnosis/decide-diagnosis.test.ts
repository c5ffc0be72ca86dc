import { expect, test } from 'vitest';
import { decideDiagnosis } from '../../src/diagnosis/decide-diagnosis.ts';

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
