import { expect, test } from 'vitest';
import { normalizeIdentifier } from '../../src/domain/identifier.ts';

test.each([
  ['INT-38', 'int-38'],
  [' int-38.eu.example.net. ', 'int-38.eu.example.net'],
  ['AA-BB-CC-00-11-22', 'aa:bb:cc:00:11:22'],
  ['aabb.cc00.1122', 'aa:bb:cc:00:11:22'],
  ['AA:BB:CC:00:11:22', 'aa:bb:cc:00:11:22'],
  ['deadbeef0001', 'deadbeef0001'],
  ['10.0.0.7', '10.0.0.7'],
  ['2001:0DB8:0:0::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['no:address', 'no:address'],
  ['', ''],
])('%j is known as %j', (written, known) => {
  expect(normalizeIdentifier(written)).toBe(known);
});
