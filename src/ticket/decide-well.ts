import type { Ticket } from '../domain/ticket.ts';

export type WellDecision =
  | { readonly well: true; readonly reason: 'device-is-well' }
  | { readonly well: false; readonly reason: 'not-quiet-yet' | 'does-not-answer'; readonly askAgainAt: Date };

/** Whether a ticket can be asked about at all before its device is probed: only once it was quiet for long enough. */
export function quietUntil(ticket: Pick<Ticket, 'lastAt' | 'openedAt'>, quietMs: number): Date {
  const since = Math.max(ticket.lastAt.getTime(), ticket.openedAt?.getTime() ?? 0);
  return new Date(since + quietMs);
}

/** A device that answers and whose last alert is long ago is well (A17): its ticket is resolved by itself. */
export function decideWell(
  ticket: Pick<Ticket, 'lastAt' | 'openedAt'>,
  answers: boolean,
  quietMs: number,
  now: Date,
): WellDecision {
  const quiet = quietUntil(ticket, quietMs);
  if (quiet > now) {
    // An alert may bear a time that is a little ahead.
    const askAgainAt = new Date(Math.min(quiet.getTime(), now.getTime() + quietMs));
    return { well: false, reason: 'not-quiet-yet', askAgainAt };
  }
  if (!answers) {
    return { well: false, reason: 'does-not-answer', askAgainAt: new Date(now.getTime() + quietMs) };
  }
  return { well: true, reason: 'device-is-well' };
}
