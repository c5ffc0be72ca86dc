import { describe, expect, test } from 'vitest';
import { alertStates } from '../../src/domain/alert.ts';
import { ticketStates } from '../../src/domain/ticket.ts';
import { describeAction, describeTicketAction } from '../../src/ticket/action-taken.ts';

const ticket = { id: 12, state: 'open', reason: 'device-down', postAt: null } as const;

describe('A6, A13: the action taken', () => {
  test.each([
    ['counted', 'below-threshold', null, 'none'],
    ['voided', 'out-for-maintenance: disk swap', null, 'voided (out for maintenance: disk swap)'],
    ['held', 'network-down', null, 'held (network down)'],
    ['suppressed', 'inconclusive', null, 'suppressed (inconclusive)'],
    ['ticketed', 'device-down', ticket, 'ticket 12 opened'],
    ['ticketed', 'x', { ...ticket, state: 'acknowledged' as const }, 'ticket 12 acknowledged'],
    ['ticketed', 'x', { ...ticket, state: 'repaired' as const }, 'ticket 12 repaired'],
    [
      'ticketed',
      'x',
      { ...ticket, state: 'repaired' as const, reason: 'redistributed-in-part' },
      'ticket 12 repaired, redistributed in part',
    ],
    [
      'ticketed',
      'x',
      { ...ticket, state: 'resolved' as const, reason: 'all-redistributed' },
      'ticket 12 resolved (all redistributed)',
    ],
    ['ticketed', 'x', { ...ticket, postAt: new Date(0) }, 'ticket 12 opened, waits for its digest'],
  ] as const)('of an alert that is %s because of %s', (state, reason, of, said) => {
    expect(describeAction({ state, reason }, of)).toBe(said);
  });

  test('every state says something', () => {
    for (const state of alertStates) expect(describeAction({ state, reason: 'x' }, null)).not.toBe('');
    for (const state of ticketStates) expect(describeTicketAction({ ...ticket, state })).not.toBe('');
  });
});
