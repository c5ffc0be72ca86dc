import { describe, expect, test } from 'vitest';
import { decideCombine } from '../../src/ticket/decide-combine.ts';

const now = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const twoHours = 7_200_000;

describe('A17: related tickets are combined', () => {
  const ticket = { id: 2, subject: 'int-58', firstAt: ago(0), channel: 'maint-eu' };
  const other = {
    id: 1,
    subject: 'int-58',
    failure: 'access',
    state: 'open',
    firstAt: ago(60),
    channel: 'maint-eu',
    combinedInto: null,
  } as const;
  test.each([
    ['the same device within the hour', {}, 3_600_000, 'same-device-at-the-same-time'],
    ['a moment more than the hour', {}, 3_599_999, 'too-far-apart'],
    ['another device', { subject: 'int-59' }, twoHours, 'no-ticket-about-the-device'],
    ['another channel', { channel: 'maint-us' }, twoHours, 'no-ticket-about-the-device'],
    ['repaired already', { state: 'repaired' as const }, twoHours, 'no-ticket-about-the-device'],
    ['itself a part of another one', { combinedInto: 7 }, twoHours, 'no-ticket-about-the-device'],
    ['switched off', {}, null, 'combining-is-off'],
  ])('%s', (_, changes, withinMs, reason) => {
    const into = reason === 'same-device-at-the-same-time' ? 1 : null;
    expect(decideCombine(ticket, [{ ...other, ...changes }], withinMs)).toEqual({ into, reason });
  });

  test('of several the oldest', () => {
    const all = [{ ...other, id: 4 }, other, { ...other, id: 3 }];
    expect(decideCombine(ticket, all, twoHours).into).toBe(1);
  });
});
