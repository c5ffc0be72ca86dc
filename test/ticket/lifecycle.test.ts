import { describe, expect, test } from 'vitest';
import type { TicketEvent, TicketState } from '../../src/domain/ticket.ts';
import { ticketEvents, ticketStates } from '../../src/domain/ticket.ts';
import { decideTransition, possibleEvents } from '../../src/ticket/lifecycle.ts';

const now = new Date('2026-11-23T12:00:00Z');
const hour = 3_600_000;
const at = (state: TicketState, changes = {}) => ({
  state,
  snoozedUntil: null,
  resolvedAt: state === 'resolved' ? new Date(now.getTime() - hour) : null,
  ...changes,
});

/** For each state, what each event leads to; what is not named is refused. */
const leadsTo: Partial<Record<TicketState, Partial<Record<TicketEvent, TicketState>>>> = {
  open: {
    acknowledge: 'acknowledged',
    assign: 'open',
    snooze: 'open',
    repair: 'repaired',
    resolve: 'resolved',
    recovered: 'resolved',
  },
  acknowledged: {
    assign: 'acknowledged',
    snooze: 'acknowledged',
    repair: 'repaired',
    resolve: 'resolved',
    recovered: 'resolved',
  },
  repaired: {
    resolve: 'resolved',
    reopen: 'open',
    'failed-again': 'open',
    recovered: 'resolved',
    redistributed: 'resolved',
  },
  resolved: { reopen: 'open', 'failed-again': 'open' },
};

describe('A17: the life of a ticket', () => {
  const cases = ticketStates.flatMap((state) => ticketEvents.map((event) => [state, event] as const));

  test.each(cases)('%s, %s', (state, event) => {
    const decision = decideTransition(at(state), event, now, 24 * hour);
    const to = leadsTo[state]?.[event];
    expect(decision).toMatchObject(to ? { allowed: true, to } : { allowed: false });
    expect(decision.reason).toMatch(/^[a-z-]+$/);
  });

  test.each(['open', 'acknowledged'] as const)('%s and snoozed, it can be woken', (state) => {
    const snoozed = at(state, { snoozedUntil: new Date(now.getTime() + hour) });
    expect(decideTransition(snoozed, 'wake', now, hour)).toMatchObject({ allowed: true, to: state });
    expect(possibleEvents(snoozed, now, hour)).toContain('wake');
    expect(possibleEvents(snoozed, now, hour)).not.toContain('snooze');
  });

  test.each([
    [hour, true],
    [hour - 1, false],
  ])('a ticket resolved an hour ago can be opened again for %i ms: %s', (reopenForMs, allowed) => {
    expect(decideTransition(at('resolved'), 'reopen', now, reopenForMs).allowed).toBe(allowed);
    expect(possibleEvents(at('resolved'), now, reopenForMs).includes('reopen')).toBe(allowed);
  });

  test('whoever clicks too late is told the state', () => {
    const refused = { reason: 'wrong-state', message: 'This ticket is acknowledged already.' };
    expect(decideTransition(at('acknowledged'), 'acknowledge', now, hour)).toMatchObject(refused);
  });
});
