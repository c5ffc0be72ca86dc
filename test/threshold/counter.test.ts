import { expect, test } from 'vitest';
import { counterOf, subjectOf } from '../../src/threshold/counter.ts';

const alert = { failure: 'connection', device: 'int-58', region: 'EU', distributionServer: 'int-38' };

test.each([
  ['device', alert, 'connection|device:int-58', 'int-58'],
  ['server', alert, 'connection|server:int-38', 'int-38'],
  ['region', alert, 'connection|region:eu', 'eu'],
  ['network', alert, 'connection|network', 'network'],
  ['server', { ...alert, distributionServer: null }, 'connection|device:int-58', 'int-58'],
  ['region', { ...alert, region: null }, 'connection|device:int-58', 'int-58'],
  ['device', { ...alert, device: '2001:db8::1' }, 'connection|device:2001:db8::1', '2001:db8::1'],
] as const)('over %s', (over, counted, counter, subject) => {
  expect(counterOf({ over }, counted)).toBe(counter);
  expect(subjectOf(counter)).toBe(subject);
});
