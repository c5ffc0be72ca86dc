import fc from 'fast-check';
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

/** As the rule is written, window by window: what it takes grows with the square of the alerts. */
function beginsByTheRule(sightings: readonly DeliverySighting[]): Date | null {
  const named = (one: DeliverySighting) => one.package ?? one.job;
  const isNear = (a: Date, b: Date) => Math.abs(a.getTime() - b.getTime()) <= need.withinMs;
  const shared = sightings.filter((one) =>
    sightings.some(
      (other) =>
        named(one) !== null &&
        named(other) === named(one) &&
        other.device !== one.device &&
        isNear(one.at, other.at),
    ),
  );
  for (const last of shared.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const window = shared.filter(({ at }) => at <= last.at && isNear(at, last.at));
    const count = (values: readonly (string | null)[]) => new Set(values.filter(Boolean)).size;
    const several = count(window.map(named)) > 1 || count(window.map(({ job }) => job)) > 1;
    if (count(window.map(({ device }) => device)) >= need.count && several)
      return new Date(Math.min(...window.map(({ at }) => at.getTime())));
  }
  return null;
}

test('a server explains failed packages from the same moment on as the rule says, whatever fails when', () => {
  const name = fc.constantFrom('a', 'b', 'c', null);
  const sighting = fc.record({
    at: fc.integer({ min: 0, max: 60 }).map((minutes) => new Date(minutes * minute)),
    device: fc.constantFrom('c-1', 'c-2', 'c-3', 'c-4', 'c-5', 'c-6', 'c-7'),
    package: name,
    job: name,
  });
  fc.assert(
    fc.property(fc.array(sighting, { maxLength: 40 }), (sightings) => {
      expect(decideServer(sightings, need, 'shared-package').from).toEqual(beginsByTheRule(sightings));
    }),
    { numRuns: 500 },
  );
});
