import { describe, expect, it } from 'vitest';
import {
  compareByTurn,
  matchesQuery,
  readTicketQuery,
  type TicketQuery,
} from '../../src/ticket/ticket-query.ts';
import { inventoryOf } from '../support/inventory-of.ts';

const all: TicketQuery = { mine: false, stage: 'any', region: null, device: null };
const regions = ['eu', 'North America'];

describe('readTicketQuery', () => {
  const inventory = inventoryOf({ name: 'int-38' });
  it.each([
    ['', all],
    ['mine', { ...all, mine: true }],
    ['MINE held', { ...all, mine: true, stage: 'held' }],
    ['north america open', { ...all, region: 'north america', stage: 'open' }],
    ['open eu INT-38', { ...all, stage: 'open', region: 'eu', device: 'int-38' }],
    ['int-99', { ...all, device: 'int-99' }],
    ['eu eu', { twice: 'eu' }],
    ['int-38 north', { twice: 'north' }],
    ['open held', { twice: 'held' }],
  ])('reads "%s"', (text, expected) => {
    expect(readTicketQuery(text.split(' ').filter(Boolean), regions, inventory)).toEqual(expected);
  });
});

const ticket = {
  state: 'open',
  subject: 'int-38',
  device: 'int-38',
  devices: ['int-58'],
  region: 'EU',
  assignedTo: null,
  acknowledgedBy: 'U0ANA',
} as const;

describe('matchesQuery', () => {
  it.each<[TicketQuery, boolean]>([
    [{ ...all, mine: true }, true],
    [{ ...all, stage: 'held' }, false],
    [{ ...all, stage: 'open' }, true],
    [{ ...all, region: 'eu' }, true],
    [{ ...all, region: 'us' }, false],
    [{ ...all, device: 'int-58' }, true],
    [{ ...all, device: 'int-59' }, false],
  ])('for %j is %s', (query, expected) => {
    expect(matchesQuery(ticket, query, 'U0ANA')).toBe(expected);
  });

  it('a ticket that was assigned belongs to the assignee, not to who acknowledged it', () => {
    const given = { ...ticket, assignedTo: 'U0BEN' };
    expect(matchesQuery(given, { ...all, mine: true }, 'U0ANA')).toBe(false);
    expect(matchesQuery(given, { ...all, mine: true }, 'U0BEN')).toBe(true);
  });
});

it('tickets that nobody has come first, then those with the most alerts, held ones last', () => {
  const one = (id: number, state: 'open' | 'held' | 'repaired', alertCount: number) => ({
    ...{ id, state, alertCount },
  });
  const listed = [one(1, 'held', 99), one(2, 'repaired', 5), one(3, 'open', 3), one(4, 'open', 7)];
  expect(listed.toSorted(compareByTurn).map(({ id }) => id)).toEqual([4, 3, 2, 1]);
});
