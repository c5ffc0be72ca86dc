import { expect, test } from 'vitest';
import { counterOf, scopeOf, subjectOf } from '../../src/threshold/counter.ts';
import { rule, subject } from './rules.ts';

test.each([
  [{ over: 'device' }, {}, 'connection|device:int-58', 'int-58'],
  [{ over: 'server' }, {}, 'connection|server:int-38', 'int-38'],
  [{ over: 'building' }, {}, 'connection|building:b3', 'b3'],
  [{ over: 'region' }, {}, 'connection|region:eu', 'eu'],
  [{ over: 'network' }, {}, 'connection|network', 'network'],
  [{ over: 'server' }, { server: null }, 'connection(over=server)|device:int-58', 'int-58'],
  [{ over: 'building' }, { building: null }, 'connection(over=building)|device:int-58', 'int-58'],
  [{ over: 'region' }, { region: null }, 'connection(over=region)|device:int-58', 'int-58'],
  [{ over: 'device' }, { device: '2001:db8::1' }, 'connection|device:2001:db8::1', '2001:db8::1'],
  [{ over: 'server', server: 'int-38', failure: 'connection' }, {}, 'connection|server:int-38', 'int-38'],
  [{ over: 'device', package: 'geo|db' }, {}, 'connection(package=geo/db)|device:int-58', 'int-58'],
  [{ over: 'server', region: 'EU' }, {}, 'connection(region=eu)|server:int-38', 'int-38'],
] as const)('A9: %o on %o adds to %s', (only, said, counter, about) => {
  expect(counterOf(rule(only), subject(said))).toBe(counter);
  expect(subjectOf(counter)).toBe(about);
});

test.each([
  ['connection|server:int-38', 'server'],
  ['connection(package=a:b)|device:2001:db8::1', 'device'],
  ['connection|network', 'network'],
])('%s counts over a %s', (counter, scope) => {
  expect(scopeOf(counter)).toBe(scope);
});
