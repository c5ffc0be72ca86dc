import { describe, expect, test } from 'vitest';
import type { EscalationPolicy } from '../../src/domain/paging.ts';
import { afterStep, nextStep } from '../../src/paging/next-step.ts';

const minute = 60_000;
const quietHours = {
  hours: { timeZone: 'Europe/Berlin', days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 22 * 60, untilMinute: 6 * 60 },
  except: ['access'],
};
const policy: EscalationPolicy = {
  name: 'eu-default',
  steps: [
    { notify: [{ kind: 'schedule', name: 'eu-primary' }], afterMs: 0 },
    { notify: [{ kind: 'user', userId: 'U0BOSS' }], afterMs: 10 * minute },
    { notify: [{ kind: 'channel', channel: 'maint-eu' }], afterMs: 25 * minute },
  ],
  repeat: 2,
  repeatAfterMs: 7 * minute,
  quietHours,
};
const noon = new Date('2026-11-23T12:00:00Z');
const at = (ms: number) => new Date(noon.getTime() + ms);

describe('A19: what an escalation does now', () => {
  const page = { round: 0, step: 1, dueAt: noon };
  test.each([
    ['a step is due', page, 'connection', policy, noon, { act: 'notify', step: policy.steps[1] }],
    ['not yet', page, 'connection', policy, at(-1), { act: 'wait', until: noon, reason: 'not-due' }],
    ['the last round', { ...page, round: 2 }, 'connection', policy, noon, { act: 'notify' }],
    [
      'all rounds are done',
      { ...page, round: 3, step: 0 },
      'connection',
      policy,
      noon,
      { act: 'give-up', reason: 'nobody-acknowledged' },
    ],
    [
      'the policy is gone',
      page,
      'connection',
      null,
      noon,
      { act: 'give-up', reason: 'policy-not-configured' },
    ],
    [
      'quiet hours have begun: wait until they end',
      page,
      'connection',
      policy,
      new Date('2026-11-23T21:00:00Z'),
      { act: 'wait', until: new Date('2026-11-24T05:00:00Z'), reason: 'quiet-hours' },
    ],
    [
      'quiet hours after midnight, in the night in which clocks are set forward',
      { ...page, dueAt: new Date(0) },
      'connection',
      policy,
      new Date('2026-03-29T00:30:00Z'),
      { act: 'wait', until: new Date('2026-03-29T04:00:00Z'), reason: 'quiet-hours' },
    ],
    [
      'quiet hours do not hold this failure back',
      page,
      'access',
      policy,
      new Date('2026-11-23T21:00:00Z'),
      { act: 'notify' },
    ],
    ['quiet hours are over', page, 'connection', policy, new Date('2026-11-24T05:00:00Z'), { act: 'notify' }],
    [
      'no quiet hours',
      page,
      'connection',
      { ...policy, quietHours: null },
      new Date('2026-11-23T21:00:00Z'),
      { act: 'notify' },
    ],
  ] as const)('%s', (_, where, failure, by, now, decision) => {
    expect(nextStep(where, failure, by, now)).toMatchObject(decision);
  });
});

describe('A19: where an escalation goes on', () => {
  test.each([
    [
      'after the time between two steps',
      { round: 0, step: 0 },
      true,
      { round: 0, step: 1, dueAt: at(10 * minute) },
    ],
    [
      'counted from the step before',
      { round: 0, step: 1 },
      true,
      { round: 0, step: 2, dueAt: at(15 * minute) },
    ],
    [
      'at once where nobody was reached',
      { round: 0, step: 0 },
      false,
      { round: 0, step: 1, dueAt: noon, reason: 'reached-nobody' },
    ],
    [
      'with the next round',
      { round: 0, step: 2 },
      true,
      { round: 1, step: 0, dueAt: at(7 * minute), reason: 'no-answer' },
    ],
    [
      'with the next round, never at once',
      { round: 1, step: 2 },
      false,
      { round: 2, step: 0, dueAt: at(7 * minute) },
    ],
  ])('%s', (_, where, reached, position) => {
    expect(afterStep(where, policy, reached, noon)).toMatchObject(position);
  });
});
