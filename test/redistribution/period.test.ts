import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePeriod } from '../../src/redistribution/period.ts';
import { atWall, formatWall, readWall } from '../../src/domain/zoned-time.ts';

// A Monday; Berlin is an hour ahead of UTC.
const now = new Date('2026-11-23T14:12:00Z');
const zone = 'Europe/Berlin';

describe('a period as a person types it', () => {
  it.each([
    ['', '2026-11-22 00:00 to 2026-11-23 15:12'],
    ['since yesterday', '2026-11-22 00:00 to 2026-11-23 15:12'],
    ['  Since   Yesterday ', '2026-11-22 00:00 to 2026-11-23 15:12'],
    ['since 14:30', '2026-11-23 14:30 to 2026-11-23 15:12'],
    ['since 16:30', '2026-11-22 16:30 to 2026-11-23 15:12'],
    ['since monday', '2026-11-23 00:00 to 2026-11-23 15:12'],
    ['since tuesday', '2026-11-17 00:00 to 2026-11-23 15:12'],
    ['today', '2026-11-23 00:00 to 2026-11-23 15:12'],
    ['yesterday', '2026-11-22 00:00 to 2026-11-23 00:00'],
    ['last week', '2026-11-16 00:00 to 2026-11-23 00:00'],
    ['last month', '2026-10-01 00:00 to 2026-11-01 00:00'],
    ['since last week', '2026-11-16 00:00 to 2026-11-23 15:12'],
    ['last 3 days', '2026-11-20 00:00 to 2026-11-23 15:12'],
    ['last 12 hours', '2026-11-23 03:12 to 2026-11-23 15:12'],
    ['since 2026-11-20', '2026-11-20 00:00 to 2026-11-23 15:12'],
    ['since 2026-11-20 14:30', '2026-11-20 14:30 to 2026-11-23 15:12'],
    ['2026-11-20', '2026-11-20 00:00 to 2026-11-21 00:00'],
    ['2026-11-20..2026-11-22', '2026-11-20 00:00 to 2026-11-23 00:00'],
    ['2026-11-20 08:00 .. 2026-11-20 09:30', '2026-11-20 08:00 to 2026-11-20 09:30'],
    ['2026-11-20 08:00..09:30', '2026-11-20 08:00 to 2026-11-20 09:30'],
    ['08:00..09:30', '2026-11-23 08:00 to 2026-11-23 09:30'],
    ['22:00..23:30', '2026-11-22 22:00 to 2026-11-22 23:30'],
  ])('“%s”', (text, expected) => {
    expect(parsePeriod(text, now, zone).text).toBe(`${expected} (Europe/Berlin)`);
  });

  it.each([
    'soon',
    'since',
    'since 25:00',
    '2026-02-30',
    '2026-11-22..2026-11-20',
    'since 2027-01-01',
    'last 0 days ago',
    '2026-11-20 08:00',
    '1..2..3',
    '09:30..08:00',
    '2026-11-20..25:00',
    'today; rm -rf /',
  ])('does not guess at “%s” and gives examples', (text) => {
    expect(() => parsePeriod(text, now, zone)).toThrow(expect.objectContaining({ code: 'period-invalid' }));
    expect(() => parsePeriod(text, now, zone)).toThrow('2026-11-20..2026-11-22');
  });

  it.each([
    ['a day of 23 hours', '2026-03-29', 'Europe/Berlin', 23],
    ['a day of 25 hours', '2026-10-25', 'Europe/Berlin', 25],
    ['a day without midnight', '2018-11-04', 'America/Sao_Paulo', 23],
    ['a zone of half hours', '2026-11-20', 'Asia/Kolkata', 24],
  ])('knows %s', (_name, day, timeZone, hours) => {
    const { from, until } = parsePeriod(day, now, timeZone);
    expect((until.getTime() - from.getTime()) / 3_600_000).toBe(hours);
  });

  it('finds the moment that any clock shows', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.constantFrom(...zones),
        (date, timeZone) => {
          const wall = readWall(date, timeZone);
          expect(readWall(atWall(wall, timeZone), timeZone)).toEqual(wall);
        },
      ),
    );
  });
});

describe('a period where clocks are changed', () => {
  const autumn = new Date('2026-10-25T12:00:00Z');
  it.each([
    [
      'covers both of the equal hours',
      '2026-10-25 02:30..02:45',
      'Europe/Berlin',
      ['2026-10-25T00:30:00Z', '2026-10-25T01:45:00Z'],
      '2026-10-25 02:30 (+02:00) to 2026-10-25 02:45 (+01:00) (Europe/Berlin)',
    ],
    [
      'begins with the first of them',
      'since 02:30',
      'Europe/Berlin',
      ['2026-10-25T00:30:00Z', '2026-10-25T12:00:00Z'],
      '2026-10-25 02:30 (+02:00) to 2026-10-25 13:00 (Europe/Berlin)',
    ],
    [
      'covers both where clocks go back by half an hour',
      '2026-04-05 01:40..01:50',
      'Australia/Lord_Howe',
      ['2026-04-04T14:40:00Z', '2026-04-04T15:20:00Z'],
      '2026-04-05 01:40 (+11:00) to 2026-04-05 01:50 (+10:30) (Australia/Lord_Howe)',
    ],
    [
      'begins when clocks skip its first time',
      '2026-03-29 02:30..03:10',
      'Europe/Berlin',
      ['2026-03-29T01:00:00Z', '2026-03-29T01:10:00Z'],
      '2026-03-29 03:00 to 2026-03-29 03:10 (Europe/Berlin)',
    ],
    [
      'ends when clocks skip its last time',
      '2026-03-08 01:30..02:30',
      'America/Los_Angeles',
      ['2026-03-08T09:30:00Z', '2026-03-08T10:00:00Z'],
      '2026-03-08 01:30 to 2026-03-08 03:00 (America/Los_Angeles)',
    ],
  ])('%s', (_case, text, timeZone, [from, until], said) => {
    const period = parsePeriod(text, autumn, timeZone);
    expect(period).toEqual({ from: new Date(from ?? ''), until: new Date(until ?? ''), text: said });
  });

  it('that no clock shows is said to be empty', () => {
    expect(() => parsePeriod('2026-03-29 02:15..02:45', autumn, zone)).toThrow(
      'is empty: that day the clocks of Europe/Berlin go on from 2026-03-29 01:59 to 2026-03-29 03:00',
    );
  });

  it('holds every moment whose time on the wall is in it', () => {
    const zones = ['Europe/Berlin', 'America/Los_Angeles', 'Australia/Lord_Howe'];
    const near = ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04'];
    fc.assert(
      fc.property(
        fc.constantFrom(...near),
        fc.integer({ min: -24 * 60, max: 24 * 60 }),
        fc.integer({ min: 0, max: 180 }),
        fc.integer({ min: 0, max: 180 }),
        fc.constantFrom(...zones),
        (day, minute, before, after, timeZone) => {
          const at = new Date(Date.parse(`${day}T12:00:00Z`) + minute * 60_000);
          const show = (ms: number) => formatWall(readWall(new Date(at.getTime() + ms * 60_000), timeZone));
          const [first, shown, last] = [show(-before), show(0), show(after)];
          if (first > shown || shown >= last) return;
          const { from, until } = parsePeriod(`${first}..${last}`, autumn, timeZone);
          expect(from <= at && at < until).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('A20, B3: the last month', () => {
  it.each([
    ['2026-11-23T12:00:00Z', '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'],
    ['2026-01-01T00:00:00Z', '2025-11-30T23:00:00Z', '2025-12-31T23:00:00Z'],
    ['2026-03-31T22:30:00Z', '2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z'],
  ])('seen from %s is a whole one of the calendar', (seenFrom, from, until) => {
    expect(parsePeriod(' Last  month', new Date(seenFrom), zone)).toMatchObject({
      from: new Date(from),
      until: new Date(until),
    });
  });

  it('is asked for by these words alone', () => {
    const read = (text: string) => parsePeriod(text, now, zone).text;
    expect(read('last week')).not.toBe(read('last month'));
    expect(() => read('last months')).toThrow(expect.objectContaining({ code: 'period-invalid' }));
  });
});
