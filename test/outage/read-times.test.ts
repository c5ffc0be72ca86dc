import { describe, expect, test } from 'vitest';
import { readTimes } from '../../src/outage/read-times.ts';

/** 14:00 in Berlin; clocks are set back on Sunday at 3:00. */
const now = new Date('2026-10-24T12:00:00Z');
const read = (begin: string, end: string) => {
  const times = readTimes(begin, end, now, 'Europe/Berlin');
  return 'faults' in times
    ? Object.keys(times.faults).join(' ')
    : [times.from.toISOString(), times.until.toISOString()];
};

describe('A10: when an outage is, in the person’s own time zone', () => {
  test.each([
    ['', '2h', ['2026-10-24T12:00:00.000Z', '2026-10-24T14:00:00.000Z']],
    ['now', '18:00', ['2026-10-24T12:00:00.000Z', '2026-10-24T16:00:00.000Z']],
    ['', '6:00', ['2026-10-24T12:00:00.000Z', '2026-10-25T05:00:00.000Z']],
    ['22:00', '6:00', ['2026-10-24T20:00:00.000Z', '2026-10-25T05:00:00.000Z']],
    ['13:30', '2h', ['2026-10-24T11:30:00.000Z', '2026-10-24T13:30:00.000Z']],
    ['2026-10-25 01:30', '2h', ['2026-10-24T23:30:00.000Z', '2026-10-25T01:30:00.000Z']],
    ['2026-10-25 02:30', '02:45', ['2026-10-25T00:30:00.000Z', '2026-10-25T01:45:00.000Z']],
    ['2027-03-28 02:30', '03:10', ['2027-03-28T01:00:00.000Z', '2027-03-28T01:10:00.000Z']],
    ['2026-12-01 22:00', '2026-12-02 4:00', ['2026-12-01T21:00:00.000Z', '2026-12-02T03:00:00.000Z']],
    ['25:00', '2h', 'begin'],
    ['tomorrow', '2h', 'begin'],
    ['2026-02-30 10:00', '2h', 'begin'],
    ['tomorrow', 'soon', 'begin end'],
    ['', '', 'end'],
    ['', '0s', 'end'],
    ['', 'soon', 'end'],
    ['2026-12-01 22:00', '2026-12-01 21:00', 'end'],
    ['08:00', '2h', 'end'],
    ['', '3650d', 'end'],
  ])('from "%s", "%s"', (begin, end, expected) => {
    expect(read(begin, end)).toEqual(expected);
  });
});
