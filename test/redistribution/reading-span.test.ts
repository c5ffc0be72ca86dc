import { describe, expect, it } from 'vitest';
import { decideReading } from '../../src/redistribution/reading-span.ts';

const day = (date: number, time = '00:00') =>
  new Date(`2026-11-${String(date).padStart(2, '0')}T${time}:00Z`);
const period = { from: day(10), until: day(20) };
const now = day(22);
const hourMs = 3_600_000;

describe('B7: the dates of which logs are read', () => {
  it.each([
    ['all of the period where nothing is known', null, null, day(9, '23:00')],
    ['all of it where nothing before it is known, whatever failed', null, day(15), day(9, '23:00')],
    ['those since the logs were last read, and a day more', day(18), null, day(16, '23:00')],
    ['those from the oldest failure on', day(18), day(14, '10:00'), day(14, '09:00')],
    ['never those before the period', day(10, '12:00'), null, day(9, '23:00')],
  ])('%s', (_what, gatheredUntil, oldestFailure, from) => {
    const span = decideReading(period, { gatheredUntil, oldestFailure }, hourMs, now);
    expect(span).toEqual({ from, until: new Date(now.getTime() + 300_000) });
  });
});
