import { expect, test } from 'vitest';
import { canCause, serverCauses } from '../../src/threshold/explainable.ts';
import { decideServer, type DeliverySighting } from '../../src/threshold/decide-server.ts';
import { rule } from './rules.ts';

const minute = 60_000;
const need = { count: 5, of: 'devices', withinMs: 15 * minute } as const;
const failing = (packages: readonly (string | null)[], job: string | null = 'nightly'): DeliverySighting[] =>
  packages.map((name, n) => ({ at: new Date(n * minute), device: `c-${n}`, package: name, job }));

test.each([
  ['connections of five devices', failing(['a', 'b', 'c', 'd', 'e']), 'crowd', 'devices-behind-it-fail'],
  ['connections of four devices', failing(['a', 'a', 'a', 'a']), 'crowd', 'too-few-devices'],
  [
    'five packages at one device each',
    failing(['a', 'b', 'c', 'd', 'e']),
    'shared-package',
    'too-few-devices',
  ],
  [
    'one package at five devices',
    failing(['a', 'a', 'a', 'a', 'a']),
    'shared-package',
    'not-several-packages',
  ],
  [
    'two packages at five devices',
    failing(['a', 'b', 'a', 'b', 'a']),
    'shared-package',
    'devices-behind-it-fail',
  ],
  [
    'one package of two jobs',
    [...failing(['a', 'a', 'a']), ...failing(['a', 'a', 'a', 'a', 'a'], 'hourly')],
    'shared-package',
    'devices-behind-it-fail',
  ],
  [
    'what names neither package nor job',
    failing([null, null, null, null, null], null),
    'shared-package',
    'too-few-devices',
  ],
] as const)('a server and %s: %s', (_case, sightings, cause, reason) => {
  expect(decideServer(sightings, need, cause).reason).toBe(reason);
  expect(decideServer(sightings.toReversed(), need, cause).reason).toBe(reason);
});

test.each([
  ['package', 'package', null, true],
  ['package', 'connection', null, false],
  ['package', 'connection', 'connection', false],
  ['package', 'access', null, false],
  ['package', 'checksum', null, false],
  ['package', 'checksum', 'checksum', true],
  ['job', 'access', null, false],
  ['network', 'connection', null, true],
] as const)(
  'a rule over a %s explains %s failures, where it is for %s: %s',
  (over, failure, named, expected) => {
    expect(canCause(over, failure, rule({ over, failure: named }))).toBe(expected);
  },
);

test.each([
  ['connection', 'geo-db', 'crowd'],
  ['access', null, 'crowd'],
  ['package', 'geo-db', 'shared-package'],
  ['disk', null, null],
] as const)('a server explains %s failures of %s as %s', (failure, named, cause) => {
  expect(serverCauses(failure, named)).toBe(cause);
});
