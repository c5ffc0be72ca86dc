import { describe, expect, test } from 'vitest';
import { readCalendar } from '../../../src/adapters/calendar/read-calendar.ts';

const berlin = `BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
`;
const calendar = (...parts: readonly string[]) =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n${parts.join('').trim().replaceAll('\n', '\r\n')}\r\nEND:VCALENDAR\r\n`;
const event = (lines: string) => `BEGIN:VEVENT\n${lines.trim()}\nEND:VEVENT\n`;
const read = (text: string, from = '2026-10-01T00:00:00Z', until = '2026-12-01T00:00:00Z') =>
  readCalendar(text, { timeZone: 'Europe/Berlin', from: new Date(from), until: new Date(until) });
const times = (text: string, from?: string, until?: string) =>
  read(text, from, until).map((notice) => `${notice.from.toISOString()} ${notice.until.toISOString()}`);

describe('A10: recurring events in Europe/Berlin keep their time on the wall when clocks are set back', () => {
  const weekly = (zone: string) => `
UID:patch-day
SUMMARY:Patch day server:int-38
DTSTART;TZID=${zone}:20260906T020000
DTEND;TZID=${zone}:20260906T040000
RRULE:FREQ=WEEKLY;BYDAY=SU`;
  const expected = [
    '2026-10-18T00:00:00.000Z 2026-10-18T02:00:00.000Z',
    // Sunday 25 October has two o'clock twice: it begins with the first.
    '2026-10-25T00:00:00.000Z 2026-10-25T03:00:00.000Z',
    '2026-11-01T01:00:00.000Z 2026-11-01T03:00:00.000Z',
  ];
  const [from, until] = ['2026-10-15T00:00:00Z', '2026-11-05T00:00:00Z'];

  test('as the file describes the zone', () => {
    const text = calendar(berlin, event(weekly('W. Europe Standard Time')));
    expect(times(text, from, until)).toEqual(expected);
  });

  test('as the system knows the zone, where the file only names it', () => {
    expect(times(calendar(event(weekly('Europe/Berlin'))), from, until)).toEqual(expected);
  });

  test('as the site’s own zone, where the event names none', () => {
    const floating = weekly('X').replaceAll(';TZID=X', '');
    expect(times(calendar(event(floating)), from, until)).toEqual(expected);
  });

  test('and another zone keeps its own wall', () => {
    const newYork = times(calendar(event(weekly('America/New_York'))), from, until);
    expect(newYork[0]).toBe('2026-10-18T06:00:00.000Z 2026-10-18T08:00:00.000Z');
    // Clocks there are set back on this day.
    expect(newYork[2]).toBe('2026-11-01T07:00:00.000Z 2026-11-01T09:00:00.000Z');
  });
});

describe('A10: RRULE, RDATE, EXDATE and single occurrences', () => {
  const daily = (more: string) => `
UID:daily
SUMMARY:region:eu
DTSTART;TZID=Europe/Berlin:20261001T220000
DURATION:PT1H
${more}`;

  test.each([
    ['COUNT', 'RRULE:FREQ=DAILY;COUNT=3', ['2026-10-01', '2026-10-02', '2026-10-03']],
    ['UNTIL', 'RRULE:FREQ=DAILY;UNTIL=20261002T235959Z', ['2026-10-01', '2026-10-02']],
    [
      'EXDATE in the same zone',
      'RRULE:FREQ=DAILY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20261002T220000,20261003T220000',
      ['2026-10-01', '2026-10-04'],
    ],
    ['EXDATE in UTC', 'RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261002T200000Z', ['2026-10-01', '2026-10-03']],
    [
      'RDATE beside the rule',
      'RRULE:FREQ=DAILY;COUNT=2\nRDATE;TZID=Europe/Berlin:20261010T220000',
      ['2026-10-01', '2026-10-02', '2026-10-10'],
    ],
    [
      'the last Saturday of each month',
      'RRULE:FREQ=MONTHLY;BYDAY=-1SA;COUNT=3',
      ['2026-10-31', '2026-11-28'],
    ],
  ])('%s', (_case, rule, days) => {
    const found = read(calendar(event(daily(rule))), '2026-10-01T00:00:00Z');
    const spelled = found.map(({ from }) => from.toISOString().slice(0, 10));
    // Where DTSTART itself is not one of the rule's days, RFC 5545 leaves open whether it counts.
    expect(spelled.filter((day) => day !== '2026-10-01' || days.includes(day))).toEqual(days);
  });

  test('an occurrence that was moved is at its new time, one that was cancelled is not', () => {
    const moved = event(`
UID:daily
SUMMARY:region:eu
RECURRENCE-ID;TZID=Europe/Berlin:20261002T220000
DTSTART;TZID=Europe/Berlin:20261003T060000
DTEND;TZID=Europe/Berlin:20261003T070000`);
    const cancelled = event(`
UID:daily
SUMMARY:region:eu
STATUS:CANCELLED
RECURRENCE-ID;TZID=Europe/Berlin:20261003T220000
DTSTART;TZID=Europe/Berlin:20261003T220000
DTEND;TZID=Europe/Berlin:20261003T230000`);
    expect(times(calendar(event(daily('RRULE:FREQ=DAILY;COUNT=3')), moved, cancelled))).toEqual([
      '2026-10-01T20:00:00.000Z 2026-10-01T21:00:00.000Z',
      '2026-10-03T04:00:00.000Z 2026-10-03T05:00:00.000Z',
    ]);
  });

  test('each occurrence has a uid of its own, the same at the next reading', () => {
    const text = calendar(event(daily('RRULE:FREQ=DAILY;COUNT=3')));
    const uids = read(text).map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(3);
    expect(read(text).map(({ uid }) => uid)).toEqual(uids);
  });

  test('one that is under way is found, one that is over is not', () => {
    const text = calendar(event(daily('RRULE:FREQ=DAILY')));
    expect(times(text, '2026-11-10T21:30:00Z', '2026-11-11T12:00:00Z')).toHaveLength(1);
    expect(times(text, '2026-11-10T22:00:00Z', '2026-11-11T12:00:00Z')).toEqual([]);
  });
});

describe('A10: events', () => {
  test('whole days begin at midnight of the site, on the day without an hour too', () => {
    const text = calendar(
      event('UID:1\nSUMMARY:group:core\nDTSTART;VALUE=DATE:20261025\nDTEND;VALUE=DATE:20261026'),
    );
    expect(times(text)).toEqual(['2026-10-24T22:00:00.000Z 2026-10-25T23:00:00.000Z']);
  });

  test('CATEGORIES and LOCATION name targets, SUMMARY is the reason', () => {
    const text = calendar(
      event(
        'UID:1\nSUMMARY:Power work\\, floor 2\nLOCATION:building:B3\\; building:B4\nCATEGORIES:Maintenance,server:int-38\nDTSTART:20261101T000000Z\nDTEND:20261101T010000Z',
      ),
    );
    expect(read(text)).toMatchObject([
      {
        reason: 'Power work, floor 2',
        targets: ['server:int-38', 'building:B3', 'building:B4'],
        sentences: ['building:B3; building:B4', 'Power work, floor 2'],
      },
    ]);
  });

  test('two events without a UID are two', () => {
    const one = (summary: string) =>
      event(`SUMMARY:${summary}\nDTSTART:20261101T000000Z\nDTEND:20261101T010000Z`);
    expect(new Set(read(calendar(one('int-1'), one('int-2'))).map(({ uid }) => uid)).size).toBe(2);
  });
});

describe('A10: a broken calendar is refused with a reason, and never hangs', () => {
  test.each([
    ['an error page', '<html>Not found</html>', /no iCalendar/],
    ['nothing', '', /no iCalendar/],
    ['half a file', calendar(event('UID:1\nDTSTART:20261101T000000Z')).slice(0, 90), /no iCalendar/],
    [
      'a rule that never comes true',
      calendar(
        event(
          'UID:1\nSUMMARY:Never\nDTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31',
        ),
      ),
      /"Never" recurs in a way that can't be worked out/,
    ],
    [
      'a rule that comes true each second',
      calendar(event('UID:1\nSUMMARY:Often\nDTSTART:20261101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY')),
      /"Often"/,
    ],
    ['no begin', calendar(event('UID:1\nSUMMARY:Timeless')), /"Timeless" can't be read: it has no DTSTART/],
  ])('%s', (_case, text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'source-invalid', message: expect.stringMatching(message) }),
    );
  });
});
