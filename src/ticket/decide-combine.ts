import type { Ticket } from '../domain/ticket.ts';

type Combinable = Pick<
  Ticket,
  'id' | 'subject' | 'failure' | 'state' | 'firstAt' | 'channel' | 'combinedInto'
>;

export type CombineDecision =
  | { readonly into: number; readonly reason: 'same-device-at-the-same-time' }
  | {
      readonly into: null;
      readonly reason: 'combining-is-off' | 'no-ticket-about-the-device' | 'too-far-apart';
    };

/**
 * Whether a ticket that opens shares the message of one that people see already (A17): about the same device, of another
 * failure, going to the same channel, whose alerts began within `withinMs`. Of several the oldest.
 */
export function decideCombine(
  ticket: Pick<Ticket, 'id' | 'subject' | 'firstAt'> & { readonly channel: string },
  others: readonly Combinable[],
  withinMs: number | null,
): CombineDecision {
  if (withinMs === null) return { into: null, reason: 'combining-is-off' };
  const candidates = others.filter(
    (other) =>
      other.id !== ticket.id &&
      other.subject === ticket.subject &&
      other.channel === ticket.channel &&
      other.combinedInto === null &&
      (other.state === 'open' || other.state === 'acknowledged'),
  );
  if (candidates.length === 0) return { into: null, reason: 'no-ticket-about-the-device' };
  const near = candidates.filter(
    ({ firstAt }) => Math.abs(firstAt.getTime() - ticket.firstAt.getTime()) <= withinMs,
  );
  const oldest = near.toSorted((a, b) => a.id - b.id)[0];
  return oldest
    ? { into: oldest.id, reason: 'same-device-at-the-same-time' }
    : { into: null, reason: 'too-far-apart' };
}
