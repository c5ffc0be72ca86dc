import { describe, expect, test } from 'vitest';
import type { EscalationPolicy, PageRule, PagingSwitch } from '../../src/domain/paging.ts';
import { decidePage } from '../../src/paging/decide-page.ts';

const now = new Date('2026-11-23T12:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

const subject = { device: 'client-07', failure: 'connection', region: 'eu', groups: ['edge'] };

function policy(name: string, afterMs = 0): EscalationPolicy {
  const steps = [{ notify: [{ kind: 'user', userId: 'U0ANA' } as const], afterMs }];
  return { name, steps, repeat: 0, repeatAfterMs: 600_000, quietHours: null };
}

function rule(match: Partial<PageRule>): PageRule {
  return {
    id: 'paging.rules[0]',
    region: null,
    failure: null,
    device: null,
    group: null,
    policy: 'default',
    ...match,
  };
}

function off(change: Partial<PagingSwitch> = {}): PagingSwitch {
  return { device: 'client-07', failure: null, until: null, by: 'U0ANA', at: now, ...change };
}

const policies = [policy('default'), policy('slow', 300_000)];

describe('A19: whether somebody is paged', () => {
  test.each([
    ['a rule for everything', [rule({})], 'default'],
    ['by region and failure', [rule({ region: 'EU', failure: 'connection' })], 'default'],
    ['by the name of a device', [rule({ device: 'client-07' })], 'default'],
    ['by a part of the name', [rule({ device: 'client-*' })], 'default'],
    ['by a group of devices', [rule({ group: 'Edge' })], 'default'],
    ['the first rule that fits', [rule({ region: 'us' }), rule({ policy: 'slow' }), rule({})], 'slow'],
  ])('%s', (_, rules, name) => {
    const decision = decidePage(subject, { rules, policies }, [], now);
    expect(decision).toMatchObject({ page: true, reason: 'rule-matches', policy: { name } });
  });

  test.each([
    ['no rule at all', []],
    ['another region', [rule({ region: 'us' })]],
    ['another failure', [rule({ region: 'eu', failure: 'package' })]],
    ['another device', [rule({ device: 'int-*' })]],
    ['another group', [rule({ group: 'core' })]],
  ])('nobody: %s', (_, rules) => {
    const decision = decidePage(subject, { rules, policies }, [], now);
    expect(decision).toMatchObject({ page: false, reason: 'no-rule-matches' });
  });

  test('a rule for a region does not fit what has none', () => {
    const decision = decidePage(
      { ...subject, region: null },
      { rules: [rule({ region: '*' })], policies },
      [],
      now,
    );
    expect(decision.page).toBe(false);
  });

  test('the first step may take its time', () => {
    const decision = decidePage(subject, { rules: [rule({ policy: 'slow' })], policies }, [], now);
    expect(decision).toMatchObject({ page: true, at: new Date(now.getTime() + 300_000) });
  });

  test.each([
    ['off', [off()], { page: false, reason: 'switched-off' }],
    ['off for this failure', [off({ failure: 'connection' })], { page: false, reason: 'switched-off' }],
    ['off, whatever the case', [off({ device: 'CLIENT-07' })], { page: false, reason: 'switched-off' }],
    [
      'off for another failure',
      [off({ failure: 'package' })],
      { page: true, reason: 'rule-matches', at: now },
    ],
    [
      'off for another device',
      [off({ device: 'client-08' })],
      { page: true, reason: 'rule-matches', at: now },
    ],
    [
      'off until later',
      [off({ until: later(4) })],
      { page: true, reason: 'switched-off-until', at: later(4) },
    ],
    ['on again', [off({ until: now })], { page: true, reason: 'rule-matches', at: now }],
    [
      'the switch that holds longest counts',
      [off({ until: later(9), failure: 'connection' }), off({ until: later(4) })],
      { page: true, reason: 'switched-off-until', at: later(9) },
    ],
    [
      'for good is longest',
      [off({ failure: 'connection' }), off({ until: later(4) })],
      { page: false, reason: 'switched-off' },
    ],
  ])('the switch: %s', (_, switches, decision) => {
    expect(decidePage(subject, { rules: [rule({})], policies }, switches, now)).toMatchObject(decision);
  });
});
