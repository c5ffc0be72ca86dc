import { describe, expect, test } from 'vitest';
import { decideCombine } from '../../src/ticket/decide-combine.ts';
import { decideWell } from '../../src/ticket/decide-well.ts';
import { decideRecovery } from '../../src/ticket/recovery.ts';

const now = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const twoHours = 7_200_000;

describe('A17: a ticket is resolved by itself', () => {
  test.each([
    ['when its device answers and was quiet for 2 h', 120, 300, true, 'device-is-well'],
    ['not a moment before', 119, 300, true, 'not-quiet-yet'],
    ['not while its device is silent', 120, 300, false, 'does-not-answer'],
    ['not before it was open for as long', 300, 60, true, 'not-quiet-yet'],
  ] as const)('%s', (_, lastAgo, openedAgo, answers, reason) => {
    const ticket = { lastAt: ago(lastAgo), openedAt: ago(openedAgo) };
    const decision = decideWell(ticket, answers, twoHours, now);
    expect(decision).toMatchObject({ well: reason === 'device-is-well', reason });
    const askedAgain = decision.well || decision.askAgainAt > now;
    expect(askedAgain).toBe(true);
  });
});

describe('A17: word of a recovery', () => {
  const ticket = { failures: ['connection'], packages: ['geo-db'], jobs: ['J1'], lastAt: ago(10) };
  const recovery = { device: 'int-58', failure: null, package: null, job: null, at: ago(5) };
  test.each([
    ['of the device', {}, 'recovers-the-ticket'],
    [
      'of the same failure, package and job',
      { failure: 'Connection', package: 'geo-db', job: 'J1' },
      'recovers-the-ticket',
    ],
    ['older than the last alert', { at: ago(11) }, 'older-than-the-last-alert'],
    ['of another failure', { failure: 'access' }, 'other-failure'],
    ['of another package', { package: 'maps' }, 'other-package'],
    ['of another job', { job: 'J2' }, 'other-job'],
  ])('%s', (_, changes, reason) => {
    expect(decideRecovery({ ...recovery, ...changes }, ticket)).toEqual({
      applies: reason === 'recovers-the-ticket',
      reason,
    });
  });

  test('of one package is not enough for a ticket about two', () => {
    const both = { ...ticket, packages: ['geo-db', 'maps'] };
    expect(decideRecovery({ ...recovery, package: 'maps' }, both).applies).toBe(false);
  });
});

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
