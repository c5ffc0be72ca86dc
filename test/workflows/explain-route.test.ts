import { describe, expect, test } from 'vitest';
import type { RoutingPolicy } from '../../src/domain/policy.ts';
import { explainRoute } from '../../src/workflows/explain/explain-route.ts';

const routing: RoutingPolicy = {
  regions: [{ name: 'eu', channel: 'maint-eu', domains: [], hold: null }],
  fallbackChannel: 'maint-unknown',
  rules: [],
  buildings: [
    {
      name: 'B1',
      channel: 'maint-b1',
      staffed: true,
      nearest: [],
      position: null,
      hold: { every: 'day', atMinutes: [480], weekday: null, timeZone: 'UTC' },
    },
    { name: 'B3', channel: null, staffed: false, nearest: ['B1'], position: null, hold: null },
  ],
  urgent: [],
};
const alert = {
  alertId: null,
  region: 'eu',
  device: 'int-58',
  recipient: null,
  domain: null,
  package: null,
  failure: 'connection',
  announced: 'timed out',
  distributionServer: null,
  job: null,
  attempt: 1,
  building: null,
  room: null,
  at: new Date('2026-11-23T12:00:00Z'),
};

describe('A14-A16: explain says where a ticket would go, by what and when', () => {
  const explain = (building: string | null) =>
    explainRoute({ policies: { routing } as never, clock: { now: () => alert.at } }, alert, null, {
      site: null,
      building,
      room: null,
      known: true,
      corrections: [],
    });

  test('by a building that helps out, with its next digest', () => {
    expect(explain('B3')).toMatchObject({
      gate: 'route',
      passed: true,
      reason: 'next-staffed-in-list',
      values: {
        channel: 'maint-b1',
        building: 'B1',
        hold: 'held-by-building',
        postAt: '2026-11-24T08:00:00.000Z',
      },
    });
  });

  test('by its region, at once', () => {
    expect(explain(null)).toMatchObject({
      reason: 'region-channel',
      values: { channel: 'maint-eu', rule: null, building: null, hold: 'at-once', postAt: null },
    });
  });
});
