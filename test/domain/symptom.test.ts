import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { occurrenceOf, symptomKey, symptomOf } from '../../src/domain/symptom.ts';

type Told = Parameters<typeof occurrenceOf>[0];
type Changes = Partial<Told>;

const alert: Told = {
  device: 'int-58',
  recipient: null,
  failure: 'package',
  package: 'geo-db',
  job: 'J1',
  service: null,
  series: null,
  alertId: null,
  domain: 'example.net',
  distributionServer: 'int-38',
  at: new Date('2026-11-23T12:00:00Z'),
};
const later = new Date('2026-11-23T13:00:00Z');

describe('A9: a symptom is what fails', () => {
  test.each<[string, Changes, boolean]>([
    ['an hour later it is the same', { at: later }, true],
    ['in other capitals it is the same', { device: 'INT-58', package: 'Geo-DB' }, true],
    ['told by another server it is the same', { distributionServer: 'int-39' }, true],
    ['another device is another one', { device: 'int-59' }, false],
    ['another recipient is another one', { recipient: 'c-1' }, false],
    ['another failure is another one', { failure: 'access' }, false],
    ['another package is another one', { package: 'maps' }, false],
    ['another job is another one', { job: 'J2' }, false],
    ['another service is another one', { service: 'Mirror sync' }, false],
    ['another series is another one', { series: 'f-1' }, false],
  ])('%s', (_, changes, isSame) => {
    const [one, other] = [alert, { ...alert, ...changes }].map((each) => symptomKey(symptomOf(each)));
    expect(one === other).toBe(isSame);
  });
});

describe('A9: an occurrence is what thresholds count', () => {
  const withId = { ...alert, alertId: '17' };
  const ofSeries = { ...alert, alertId: 'f-1', series: 'f-1' };
  test.each<[string, Told, Changes, boolean]>([
    ['the same symptom at the same own time is one', alert, {}, true],
    ['the same symptom at another time is another one', alert, { at: later }, false],
    ['another symptom at the same time is another one', alert, { package: 'maps' }, false],
    ['the same id is one, whenever it is told', withId, { at: later }, true],
    ['the same id without a time is one', withId, { ownTime: false }, true],
    ['another id is another one', withId, { alertId: '18' }, false],
    ['the same id at another server is another one', withId, { distributionServer: 'int-39' }, false],
    ['the same id from another domain is another one', withId, { domain: 'example.org' }, false],
    ['the same id for another device of a summary is another one', withId, { device: 'int-59' }, false],
    ['a series that starts again is another one', ofSeries, { at: later }, false],
    ['a series in other words is one', ofSeries, { failure: 'access' }, true],
  ])('%s', (_, one, changes, isSame) => {
    expect(occurrenceOf({ ...one, ...changes }, null) === occurrenceOf(one, null)).toBe(isSame);
  });

  test('without an id and a time each alert is one of its own', () => {
    expect(occurrenceOf({ ...alert, ownTime: false }, null)).toBeNull();
    expect(occurrenceOf({ ...alert, at: new Date(Number.NaN) }, null)).toBeNull();
  });

  test('the same id of two sources over HTTP is two', () => {
    expect(occurrenceOf(withId, 'http:a')).not.toBe(occurrenceOf(withId, 'http:b'));
  });

  test('whatever the names contain, two alerts with different names never share one', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '"', ',', '[', ']', '|', ' ') });
    const names = fc.record({ device: name, failure: name, package: name, job: name, alertId: name });
    fc.assert(
      fc.property(names, names, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        const [a, b] = [one, other].map((each) => occurrenceOf({ ...alert, ...each }, null));
        expect(a === b).toBe(isSame);
      }),
    );
  });
});
