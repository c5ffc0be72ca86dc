import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWrittenTime } from '../../../src/alert/time/written-time.ts';

const near = new Date('2026-11-23T14:00:00Z');
const hourMs = 3_600_000;

/** The wall clock as ISO 8601, and hours ahead of UTC or the zone's name. */
function spell(text: string): readonly [wall: string, zone: string | number | null] | null {
  const read = readWrittenTime(text, near);
  if (read === null) return null;
  const { year, month, day, hour, minute } = read.wall;
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute) + read.secondsMs).toISOString();
  if (read.zone === null) return [wall.slice(0, 19), null];
  const zone = 'timeZone' in read.zone ? read.zone.timeZone : (read.zone.offsetsMs[0] ?? 0) / hourMs;
  return [wall.slice(0, 19), zone];
}

describe('a time as a sender writes it', () => {
  test.each<[string, string, string | number | null]>([
    ['2026-11-23T05:06:07Z', '2026-11-23T05:06:07', 0],
    ['2026-11-23T05:06:07.250+01:00', '2026-11-23T05:06:07', 1],
    ['2026-11-23 05:06:07 -0800', '2026-11-23T05:06:07', -8],
    ['2026-11-23T05:06-08', '2026-11-23T05:06:00', -8],
    ['2026-11-23 05:06:07', '2026-11-23T05:06:07', null],
    ['2026-11-23 05:06:07,250', '2026-11-23T05:06:07', null],
    ['2026-11-23', '2026-11-23T00:00:00', null],
    ['20261123T050607Z', '2026-11-23T05:06:07', 0],
    ['20261123050607', '2026-11-23T05:06:07', null],
    ['1795410367', '2026-11-23T05:06:07', 0],
    ['1795410367000', '2026-11-23T05:06:07', 0],
    ['Mon, 23 Nov 2026 05:06:07 -0800 (PST)', '2026-11-23T05:06:07', -8],
    ['Mon, 23 Nov 2026 05:06:07 GMT', '2026-11-23T05:06:07', 0],
    ['Mon Nov 23 05:06:07 2026', '2026-11-23T05:06:07', null],
    ['Mon Nov 23 05:06:07 PST 2026', '2026-11-23T05:06:07', -8],
    ['Mon Nov 23 05:06:07 PM UTC 2026', '2026-11-23T17:06:07', 0],
    ['11/23/2026 12:06:07 AM', '2026-11-23T00:06:07', null],
    ['23/11/2026 05:06', '2026-11-23T05:06:00', null],
    ['23.11.2026 05:06 MEZ', '2026-11-23T05:06:00', 1],
    ['Mo 23. Nov 05:06:07 CET 2026', '2026-11-23T05:06:07', 1],
    ['23. Dezember 2026, 05:06 Uhr', '2026-12-23T05:06:00', null],
    ['23 de noviembre de 2026 05:06', '2026-11-23T05:06:00', null],
    ['lun. 23 août 2026 05:06:07 CEST', '2026-08-23T05:06:07', 2],
    ['2026年 11月 23日 月曜日 05:06:07 JST', '2026-11-23T05:06:07', 9],
    ['2026/11/23 05:06:07', '2026-11-23T05:06:07', null],
    ['Nov 23 05:06:07', '2026-11-23T05:06:07', null],
    ['2026-11-23 05:06:07 Europe/Berlin', '2026-11-23T05:06:07', 'Europe/Berlin'],
    ['2026-11-23 05:06:07 [America/Los_Angeles]', '2026-11-23T05:06:07', 'America/Los_Angeles'],
    ['2026-11-23 05:06:07 UTC+2', '2026-11-23T05:06:07', 2],
    // A zone that nobody knows is none.
    ['2026-11-23 05:06:07 XYZ', '2026-11-23T05:06:07', null],
  ])('is read with its zone, or as a wall clock: %s', (text, wall, zone) => {
    expect(spell(text)).toEqual([wall, zone]);
  });

  test('a year that is missing is the nearest one, and 03/04 is the nearer of both days', () => {
    expect(readWrittenTime('Dec 31 23:59:00', new Date('2027-01-01T00:10:00Z'))?.wall.year).toBe(2026);
    expect(readWrittenTime('03/04/2026 10:00', new Date('2026-03-04T18:00:00Z'))?.wall).toMatchObject({
      month: 3,
    });
    expect(readWrittenTime('03/04/2026 10:00', new Date('2026-04-03T18:00:00Z'))?.wall).toMatchObject({
      month: 4,
    });
  });

  test.each(['', 'soon', '05:06', '2026-13-01 05:06', '2026-02-30', '2026-11-23 25:00', 'day 3', 'int-38'])(
    'what is no time is none: %s',
    (text) => {
      expect(readWrittenTime(text, near)).toBeNull();
    },
  );

  test('whatever a mail writes for its time, reading it throws nothing', () => {
    const piece = fc.oneof(
      fc.constantFrom('2026', '-', '/', '11', ':', '05', ' ', 'Nov', 'PM', '+', 'CST', '年'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const read = readWrittenTime(pieces.join(''), near);
        expect(read === null || Number.isInteger(read.secondsMs)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

test('a time in ISO 8601 is read as the same time with a blank for its T', () => {
  const number = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'));
  const zone = fc.constantFrom('Z', '+01:00', '-0800', '+05:30', '+14:00', '+1500', '-99:99');
  const fraction = fc.constantFrom('', '.5', '.25', '.999999999');
  const year = fc.constantFrom('1969', '1970', '2024', '2026', '9999');
  const parts = fc.tuple(year, number(13), number(32), number(25), number(61), number(61), fraction, zone);
  fc.assert(
    fc.property(parts, ([of, month, day, hour, minute, second, rest, ahead]) => {
      const spelled = (between: string) =>
        `${of}-${month}-${day}${between}${hour}:${minute}:${second}${rest}${ahead}`;
      expect(readWrittenTime(spelled('T'), near)).toEqual(readWrittenTime(spelled(' '), near));
    }),
  );
});
