import { describe, expect, test } from 'vitest';
import { findNotableChange, pauseAfter, tellAll } from '../../src/ticket/story.ts';

const sum = { alertCount: 12, deviceCount: 3, packages: ['geo-db'], failures: ['connection'] };
const told = tellAll(sum, null, new Date('2026-11-23T12:00:00Z'));

describe('A17: the thread is told', () => {
  test.each([
    ['nothing, when nothing has changed', {}, null],
    ['nothing, when the count stays in its power of ten', { alertCount: 99 }, null],
    ['when the count crosses 10×', { alertCount: 100 }, { countCrossed: 100 }],
    ['when it crosses several at once', { alertCount: 12_345 }, { countCrossed: 10_000 }],
    ['when a device is new', { deviceCount: 5 }, { newDevices: 2, deviceCount: 5, countCrossed: null }],
    ['when a package is new', { packages: ['geo-db', 'maps'] }, { newPackages: ['maps'] }],
    ['when a failure is new', { failures: ['connection', 'access'] }, { newFailures: ['access'] }],
    ['nothing, when something is gone', { deviceCount: 1, packages: [] }, null],
  ])('%s', (_, changes, expected) => {
    const change = findNotableChange(told, { ...sum, ...changes });
    expect(change === null).toBe(expected === null);
    expect(change ?? {}).toMatchObject(expected ?? {});
  });

  test.each([
    [9, 99, null],
    [9, 100, 100],
    [99, 100, 100],
    [100, 999, null],
    [0, 1, null],
  ])('from %i to %i alerts: %s', (before, after, crossed) => {
    const change = findNotableChange({ ...told, alertCount: before }, { ...sum, alertCount: after });
    expect(change?.countCrossed ?? null).toBe(crossed);
  });

  test('each thing once', () => {
    const later = { ...sum, alertCount: 100, packages: ['geo-db', 'maps'] };
    const again = tellAll(later, told, new Date('2026-11-23T12:01:00Z'));
    expect(again.lines).toBe(2);
    expect(findNotableChange(again, later)).toBeNull();
  });
});

test('A17: a thread is told after a minute, then after an hour, then once a day', () => {
  const pauses = [1, 2, 3, 4].map((lines) => pauseAfter({ lines }, 60_000));
  expect(pauses).toEqual([60_000, 3_600_000, 86_400_000, 86_400_000]);
});
