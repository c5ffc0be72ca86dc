import { expect, test } from 'vitest';
import type { PingResult } from '../../src/domain/diagnosis.ts';
import { renderRepairLook } from '../../src/messages/repair-look.ts';
import { ping } from './fixtures.ts';

const answering: PingResult = { ...ping, received: 3, rttMs: 2 };

test.each<[string, PingResult | null, boolean, string]>([
  ['answers, and was silent', answering, true, 'answers again, 2 ms.'],
  ['answers, as it did before', answering, false, 'that does not show the repair'],
  ['is silent', ping, true, 'is still silent: 0 of 3 pings answered.'],
  [
    'can not be judged from a bot without network',
    { ...ping, ownUplinkDown: true },
    true,
    'not known whether',
  ],
  ['could not be asked', null, true, 'not known whether'],
])('says of a device declared repaired that %s', (_, answer, wasSilent, said) => {
  expect(renderRepairLook('int-58', answer, wasSilent).text).toContain(said);
});
