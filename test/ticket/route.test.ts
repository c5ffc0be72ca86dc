import { describe, expect, test } from 'vitest';
import type { RoutingPolicy } from '../../src/domain/policy.ts';
import type { BuildingQueue, HoldSchedule, RouteRule } from '../../src/domain/ticket-policy.ts';
import { type RoutedTicket, routeTicket } from '../../src/ticket/route.ts';

const daily: HoldSchedule = { every: 'day', atMinutes: [480], weekday: null, timeZone: 'UTC' };
const weekly: HoldSchedule = { ...daily, every: 'week', weekday: 1 };

const policy: RoutingPolicy = {
  regions: [
    { name: 'eu', channel: 'maint-eu', domains: ['eu.example.net'], hold: null },
    { name: 'US', channel: 'maint-us', domains: [], hold: weekly },
  ],
  fallbackChannel: 'maint-unknown',
  rules: [],
  buildings: [],
  urgent: [],
};

const ticket = (changes: Partial<RoutedTicket> = {}): RoutedTicket => ({
  region: 'eu',
  site: 'Kiel',
  building: 'B3',
  packages: ['geo-db'],
  failure: 'connection',
  servers: ['int-38'],
  ...changes,
});

const rule = (match: Partial<RouteRule['match']>, changes: Partial<RouteRule> = {}): RouteRule => ({
  id: 'routing.rules[0]',
  match: { region: null, site: null, building: null, package: null, failure: null, server: null, ...match },
  channel: 'maint-special',
  hold: null,
  continue: false,
  ...changes,
});

const building = (name: string, changes: Partial<BuildingQueue> = {}): BuildingQueue => ({
  name,
  channel: `maint-${name.toLowerCase()}`,
  staffed: true,
  nearest: [],
  position: null,
  hold: null,
  ...changes,
});

describe('A14: the channel of the region responsible', () => {
  test.each([
    ['eu', 'maint-eu', 'region-channel'],
    ['EU', 'maint-eu', 'region-channel'],
    ['us', 'maint-us', 'region-channel'],
    ['asia', 'maint-unknown', 'region-not-configured'],
    [null, 'maint-unknown', 'region-not-known'],
  ])('a ticket for region %s goes to %s', (region, channel, reason) => {
    expect(routeTicket(ticket({ region }), policy)).toMatchObject({ channel, reason, rule: null });
  });
});

describe('A14: rules come before buildings and regions', () => {
  test.each([
    [{ region: 'eu' }, {}, true],
    [{ region: 'EU' }, {}, true],
    [{ region: 'us' }, {}, false],
    [{ site: 'K*' }, {}, true],
    [{ building: 'b3' }, {}, true],
    [{ building: 'B*' }, { building: null }, false],
    [{ package: 'geo-*' }, {}, true],
    [{ package: 'geo-*' }, { packages: ['office', 'geo-maps'] }, true],
    [{ package: 'geo-*' }, { packages: [] }, false],
    [{ failure: 'conn*' }, {}, true],
    [{ server: 'int-*' }, {}, true],
    [{ server: 'dist-*' }, {}, false],
    [{ region: 'eu', failure: 'access' }, {}, false],
    [{}, {}, true],
  ])('match %j for %j: %s', (match, changes, fits) => {
    const route = routeTicket(ticket(changes), { ...policy, rules: [rule(match)] });
    expect(route.reason === 'routing-rule').toBe(fits);
    expect(route.channel).toBe(fits ? 'maint-special' : 'maint-eu');
  });

  test('the first one that fits wins', () => {
    const rules = [
      rule({ region: 'us' }, { channel: 'a', id: 'routing.rules[0]' }),
      rule({ failure: 'connection' }, { channel: 'b', id: 'routing.rules[1]' }),
      rule({ region: 'eu' }, { channel: 'c', id: 'routing.rules[2]' }),
    ];
    expect(routeTicket(ticket(), { ...policy, rules })).toMatchObject({
      channel: 'b',
      rule: 'routing.rules[1]',
    });
  });

  test('with continue, the rules below say what one leaves open, and only that', () => {
    const rules = [
      rule({}, { channel: null, hold: daily, continue: true }),
      rule({}, { channel: 'b', hold: weekly, continue: true }),
      rule({}, { channel: 'c' }),
    ];
    expect(routeTicket(ticket(), { ...policy, rules })).toMatchObject({ channel: 'b', hold: daily });
  });

  test('a rule without continue ends the search though it names no channel', () => {
    const rules = [rule({}, { channel: null, hold: daily }), rule({}, { channel: 'c' })];
    const route = routeTicket(ticket(), { ...policy, rules });
    expect(route).toMatchObject({ channel: 'maint-eu', hold: daily, holdReason: 'held-by-rule' });
  });
});

describe('A16: the queue of the building', () => {
  const near = { lat: 54.3, lon: 10.1 };
  const to = (buildings: readonly BuildingQueue[], of = ticket()) =>
    routeTicket(of, { ...policy, buildings });

  test('takes its own tickets where it has staff', () => {
    expect(to([building('b3'), building('B1')])).toMatchObject({
      channel: 'maint-b3',
      reason: 'building-queue',
      queue: { building: 'b3', forBuilding: 'B3' },
    });
  });

  test('without staff the first staffed building of its list does, and that is kept', () => {
    const unstaffed = building('B3', { staffed: false, nearest: ['B4', 'B1', 'B2'] });
    const all = [unstaffed, building('B4', { staffed: false }), building('B2'), building('B1')];
    expect(to(all)).toMatchObject({
      channel: 'maint-b1',
      reason: 'next-staffed-in-list',
      queue: { building: 'B1', forBuilding: 'B3' },
    });
  });

  test('without a list the staffed building that is nearest by its coordinates does', () => {
    const all = [
      building('B3', { channel: null, staffed: false, position: near }),
      building('B1', { position: { lat: 54.4, lon: 10.1 } }),
      building('B2', { position: { lat: 54.31, lon: 10.1 } }),
      building('B5', { position: { lat: 54.301, lon: 10.1 }, staffed: false }),
      building('B6'),
    ];
    expect(to(all)).toMatchObject({ channel: 'maint-b2', reason: 'nearest-staffed-building' });
  });

  test('a degree of longitude is shorter in the north than one of latitude', () => {
    const all = [
      building('B3', { staffed: false, position: { lat: 60, lon: 10 } }),
      building('north', { position: { lat: 60.9, lon: 10 } }),
      building('east', { position: { lat: 60, lon: 11.5 } }),
    ];
    expect(to(all).queue?.building).toBe('east');
  });

  test.each([
    ['no building has staff', [building('B3', { staffed: false }), building('B1', { staffed: false })]],
    ['nobody of its list has staff', [building('B3', { staffed: false, nearest: ['B1'], position: near })]],
    ['the building is not configured', [building('B9')]],
  ])('%s: the region takes it', (_, buildings) => {
    expect(to(buildings)).toMatchObject({ channel: 'maint-eu', reason: 'region-channel', queue: null });
  });

  test('a device without a building goes to the region', () => {
    expect(to([building('B3')], ticket({ building: null })).channel).toBe('maint-eu');
  });
});

describe('A15: what is held for a digest', () => {
  const us = ticket({ region: 'us' });
  test.each([
    ['by its region', us, {}, 'held-by-region', weekly],
    ['by its building', us, { buildings: [building('B3', { hold: daily })] }, 'held-by-building', daily],
    [
      'by a rule, before all others',
      us,
      { rules: [rule({}, { channel: null, hold: daily })] },
      'held-by-rule',
      daily,
    ],
    [
      'not, where a rule says none',
      us,
      { rules: [rule({}, { channel: null, hold: 'none' })] },
      'at-once',
      null,
    ],
    ['not, where nobody says so', ticket(), {}, 'at-once', null],
    ['never, when its failure is urgent', us, { urgent: ['access', 'conn*'] }, 'urgent-failure', null],
    ['as before, when another failure is urgent', us, { urgent: ['access'] }, 'held-by-region', weekly],
  ] as const)('%s', (_, of, changes, holdReason, hold) => {
    expect(routeTicket(of, { ...policy, ...changes })).toMatchObject({ holdReason, hold });
  });
});
