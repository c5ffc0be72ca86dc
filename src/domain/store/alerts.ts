import type { AlertFields, AlertState } from '../alert.ts';

export interface AlertRecord extends AlertFields {
  readonly mailId: number;
  readonly ordinal: number;
  /** What the alert adds to: failure, scope and subject, such as `connection|server:int-38`. */
  readonly counter: string;
  readonly ruleId: string;
  readonly state: AlertState;
  readonly reason: string;
  readonly ticketId: number | null;
}

/** Alerts and their counting. */
export interface AlertTx {
  /** Serialises counting: two transactions that both add alerts see each other's. Held until the end. */
  lockCounting(): Promise<void>;
  addAlerts(alerts: readonly AlertRecord[]): Promise<void>;
  /** Times of the alerts that count for this counter, from ≤ at ≤ until, oldest first. */
  countedTimes(counter: string, from: Date, until: Date): Promise<readonly Date[]>;
  /** Gives the counted alerts of a counter, from ≤ at ≤ until, to a ticket. */
  assignCounted(counter: string, from: Date, until: Date, ticketId: number): Promise<void>;
  /** Moves all alerts of a ticket into one state. */
  moveAlerts(ticketId: number, state: AlertState, reason: string): Promise<void>;
  /** Ends the counting of alerts that no window can reach any more. */
  expireAlerts(before: Date): Promise<number>;
}
