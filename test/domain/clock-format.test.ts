import { describe, expect, it } from 'vitest';
import { compileClock, findFormatFault } from '../../src/domain/clock-format.ts';

const before = new Date('2026-11-23T12:00:00Z');
const read = (format: string, text: string, timeZone = 'UTC') =>
  compileClock(format)(text, timeZone, before)?.toISOString() ?? null;

describe('times as logs write them', () => {
  it.each([
    ['YYYY-MM-DD HH:mm:ss', '2026-11-20 14:10:21', 'Europe/Berlin', '2026-11-20T13:10:21.000Z'],
    ['YYYY-MM-DD HH:mm:ss', '2026-07-20 14:10:21', 'Europe/Berlin', '2026-07-20T12:10:21.000Z'],
    ['YYYY/MM/DD HH:mm:ss,SSS', '2026/11/20 14:10:21,25', 'Asia/Kolkata', '2026-11-20T08:40:21.250Z'],
    ['YYYY-MM-DDTHH:mm:ssZ', '2026-11-20T14:10:21-03:30', 'Asia/Tokyo', '2026-11-20T17:40:21.000Z'],
    ['M/D/YYYY h:mm:ss A', '1/2/2026 12:05:00 AM', 'UTC', '2026-01-02T00:05:00.000Z'],
    ['X', '1795439425.5', 'Asia/Tokyo', '2026-11-23T13:10:25.500Z'],
    ['MMM DD HH:mm:ss', 'Nov  3 14:10:21', 'UTC', '2026-11-03T14:10:21.000Z'],
    ['MMM DD HH:mm:ss', 'Nov 24 11:00:00', 'UTC', '2026-11-24T11:00:00.000Z'],
    ['MMM DD HH:mm:ss', 'Dec 31 23:59:59', 'UTC', '2025-12-31T23:59:59.000Z'],
    ['YYYY-MM-DD HH:mm:ss', '2026-11-20 25:10:21', 'UTC', null],
    ['YYYY-MM-DD HH:mm:ss', '2026-13-20 10:10:21', 'UTC', null],
    ['YYYY-MM-DD HH:mm:ss', 'x 2026-11-20 10:10:21', 'UTC', null],
  ])('%s %s in %s is %s', (format, text, timeZone, time) => {
    expect(read(format, text, timeZone)).toBe(time);
  });

  it.each([
    ['YYYY-MM-DD HH:mm', null],
    ['MMM D h:mm A', null],
    ['X', null],
    ['YYYY-MM-DD', 'lacks the month, the day or the minutes'],
    ['YYYY-MM-DD DD HH:mm', 'has a part twice'],
    ['YYYY-MM-DD mm', 'needs hours, as HH or with A as hh'],
    ['no time', 'lacks the month, the day or the minutes'],
  ])('%s as a format: %s', (format, fault) => {
    expect(findFormatFault(format)).toBe(fault);
  });
});
