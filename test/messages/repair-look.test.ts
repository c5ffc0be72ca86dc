import { expect, test } from 'vitest';
import type { PingResult } from '../../src/domain/diagnosis.ts';
import { renderRepairLook } from '../../src/messages/repair-look.ts';

const silent: PingResult = {
  address: '10.1.0.58',
  sent: 3,
  received: 0,
  rttMs: null,
  ownUplinkDown: false,
  unreachableFrom: null,
};
const answering: PingResult = { ...silent, received: 3, rttMs: 2 };

test.each<[string, PingResult | null, boolean, string]>([
  ['answers, and was silent', answering, true, 'answers again, 2 ms.'],
  ['answers, as it did before', answering, false, 'that does not show the repair'],
  ['is silent', silent, true, 'is still silent: 0 of 3 pings answered.'],
  [
    'can not be judged from a bot without network',
    { ...silent, ownUplinkDown: true },
    true,
    'not known whether',
  ],
  ['could not be asked', null, true, 'not known whether'],
])('says of a device declared repaired that %s', (_, ping, wasSilent, said) => {
  expect(renderRepairLook('int-58', ping, wasSilent).text).toContain(said);
});
