import type { AlertState } from '../alert.ts';
import type { TicketState } from '../ticket.ts';

/** Alerts that are in a state which that of their ticket rules out. */
export interface Disagreement {
  readonly alerts: AlertState;
  /** null: they have no ticket. */
  readonly ticket: TicketState | null;
  readonly n: number;
  /** One of the tickets. */
  readonly example: number | null;
}

/** What would show that something got lost between alerts, tickets and messages. */
export interface AuditTx {
  disagreements(): Promise<readonly Disagreement[]>;
  /** The first hundred tickets that people ought to see, but that no message is about. */
  ticketsWithoutMessage(): Promise<readonly number[]>;
}
