import { describe, expect, test } from 'vitest';
import type { Outage } from '../../src/domain/outage.ts';
import { planSync } from '../../src/outage/plan-sync.ts';

const hour = (h: number) => new Date(Date.UTC(2026, 0, 10, h));
const now = hour(12);
const target = { kind: 'device', name: 'int-38' } as const;
const stored = (change: Partial<Outage> = {}): Outage => ({
  id: 1,
  target,
  from: hour(10),
  until: hour(14),
  reason: 'disk swap',
  source: 'plan.ics',
  uid: 'a',
  createdBy: 'plan.ics',
  endedBy: null,
  endedHandledAt: null,
  ...change,
});
const announced = (change: object = {}) => ({
  uid: 'a',
  target,
  from: hour(10),
  until: hour(14),
  reason: 'disk swap',
  ...change,
});

describe('A10: a source’s outages follow what it announces', () => {
  test.each([
    ['a new one is added', [], [announced()], ['add a']],
    ['one that is over is not', [], [announced({ until: hour(12) })], []],
    ['the same changes nothing', [stored()], [announced()], []],
    ['a later end', [stored()], [announced({ until: hour(15) })], ['change 1 until 15']],
    ['one that was over goes on', [stored({ until: hour(11) })], [announced()], ['change 1 until 14']],
    ['one under way that vanished ends now', [stored()], [], ['end 1 at 12']],
    ['one to come that vanished never begins', [stored({ from: hour(13) })], [], ['end 1 at 13']],
    ['one that is over is history', [stored({ until: hour(11) })], [], []],
    [
      'what vanished and is back goes on',
      [stored({ until: hour(11), endedBy: 'source' })],
      [announced()],
      ['change 1 until 14'],
    ],
    ['what a person ended stays ended', [stored({ until: hour(11), endedBy: 'T/U' })], [announced()], []],
    [
      'one that was called off is not ended once more',
      [stored({ from: hour(13), until: hour(13), endedBy: 'T/U' })],
      [],
      [],
    ],
    ['of two with one uid the last counts', [], [announced({ until: hour(13) }), announced()], ['add a']],
  ])('%s', (_case, before, after, expected) => {
    const { add, change, end } = planSync(before, after, now);
    expect([
      ...add.map(({ uid }) => `add ${uid}`),
      ...change.map(({ id, to }) => `change ${id} until ${to.until.getUTCHours()}`),
      ...end.map(({ id, until }) => `end ${id} at ${until.getUTCHours()}`),
    ]).toEqual(expected);
  });
});
