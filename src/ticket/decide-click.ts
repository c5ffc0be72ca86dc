import type { TicketState } from '../domain/ticket.ts';

export type TicketClickDecision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly message: string };

/** Whether a ticket in this state can be acknowledged or declared repaired; a second click changes nothing. */
export function decideTicketClick(state: TicketState, to: 'acknowledged' | 'repaired'): TicketClickDecision {
  const from: readonly TicketState[] = to === 'acknowledged' ? ['open'] : ['open', 'acknowledged'];
  if (from.includes(state)) return { allowed: true };
  return { allowed: false, message: `This ticket is ${state} already.` };
}
