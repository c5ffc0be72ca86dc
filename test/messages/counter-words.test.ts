import { expect, test } from 'vitest';
import { describeCounter } from '../../src/messages/counter-words.ts';

test.each([
  ['connection|device:int-58', 'connection error of device `int-58`'],
  ['package|package:geo-db 7', 'failed package of package `geo-db 7`'],
  ['disk|device:2001:db8::1', 'disk of device `2001:db8::1`'],
  ['connection|network', 'connection error of the whole network'],
  ['connection(region=eu)|server:int-38', 'connection error of server `int-38` (region eu)'],
  ['root-cause|server:int-38', 'failures behind `int-38`'],
  ['root-cause(failure=package)|server:int-38', 'failures behind `int-38` (failure package)'],
  ['no counter', '`no counter`'],
  ['a<!here>|device:b<c', 'a&lt;!here&gt; of device `b&lt;c`'],
])('what the counter %s adds up', (counter, expected) => {
  expect(describeCounter(counter)).toBe(expected);
});
