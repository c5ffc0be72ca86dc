import { expect, test } from 'vitest';
import { decideTakeUp } from '../../src/outage/decide-take-up.ts';

const onVerdict = {
  'device-down': 'ticket',
  'network-down': 'hold',
  reachable: 'ticket',
  inconclusive: 'suppress',
} as const;

test.each([
  ['reachable', 'stay-voided', 'well-after-maintenance'],
  ['device-down', 'count-anew', 'failing-after-maintenance'],
  ['network-down', 'count-anew', 'failing-after-maintenance'],
  ['inconclusive', 'stay-voided', 'suppressed-after-maintenance'],
] as const)('A10: after the window a device that is %s: %s', (verdict, action, reason) => {
  expect(decideTakeUp({ verdict }, { onVerdict })).toEqual({ action, reason });
});

test('A10: a device of which nobody can tell counts, unless the site suppresses that', () => {
  const holding = { onVerdict: { ...onVerdict, inconclusive: 'hold' as const } };
  expect(decideTakeUp({ verdict: 'inconclusive' }, holding).action).toBe('count-anew');
});
