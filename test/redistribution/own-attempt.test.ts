import { describe, expect, it } from 'vitest';
import { findOwnAttempts } from '../../src/redistribution/own-attempt.ts';

const at = (time: string) => new Date(`2026-11-23T${time}:00Z`);
const second = {
  server: 'int-38',
  job: 'J1',
  recipient: 'c1',
  package: 'geo-db',
  attempt: 2,
  startedAt: at('12:00'),
  endedAt: at('12:10'),
};
const mail = { job: 'J1', device: 'c1', recipient: null, package: 'geo-db', attempt: 2, at: at('12:05') };

describe('B13: the failure mail of our own re-runs', () => {
  it.each([
    ['bears their number', mail, true, 1],
    ['may come from a clock that is a little off', { ...mail, at: at('12:14') }, true, 1],
    ['may name no package', { ...mail, package: null }, true, 1],
    ['is not that of the night', { ...mail, attempt: 1 }, true, 0],
    ['is not of a later run with that number', { ...mail, at: at('12:16') }, true, 0],
    ['is not of an earlier one', { ...mail, at: at('11:54') }, true, 0],
    ['is of the same job', { ...mail, job: 'J2' }, true, 0],
    ['is about the same recipient', { ...mail, recipient: 'c2' }, true, 0],
    ['is about the same package', { ...mail, package: 'other' }, true, 0],
    ['bears no number where there is no recorder', { ...mail, attempt: 1 }, false, 1],
  ])('%s', (_what, alert, isNumbered, count) => {
    expect(findOwnAttempts(alert, [second], () => isNumbered)).toHaveLength(count);
  });

  it('comes as long as one runs', () => {
    const running = { ...second, endedAt: null };
    expect(findOwnAttempts({ ...mail, at: at('23:00') }, [running], () => true)).toEqual([running]);
  });
});
