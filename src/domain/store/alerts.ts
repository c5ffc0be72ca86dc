import type { AlertFields, AlertState } from '../alert.ts';

export interface AlertRecord extends AlertFields {
  /** Of an alert that was stored before; left out: a new one gets an id of its own. */
  readonly id?: number | undefined;
  readonly mailId: number;
  readonly ordinal: number;
  /** What the alert adds to: failure, scope and subject, such as `connection|server:int-38`. */
  readonly counter: string;
  readonly ruleId: string;
  /** What else it adds to, in wider scopes. Left out: nothing. */
  readonly wider?: readonly { readonly counter: string; readonly rule: { readonly id: string } }[];
  readonly state: AlertState;
  readonly reason: string;
  readonly ticketId: number | null;
  /** The outage that took the alert out of the totals, and the device that was out; left out: none did. */
  readonly outageId?: number | null | undefined;
  readonly outageDevice?: string | null | undefined;
  /** The device and its place as the inventory says; where it says nothing, as the mail does. */
  readonly deviceName: string;
  readonly inRegion: string | null;
  readonly inBuilding: string | null;
  /** The servers whose failure would explain the alert: what it is about, and what its device is behind. */
  readonly ownRoot: string | null;
  readonly upstreamRoot: string | null;
}

/** Alerts and their counting. */
export interface AlertTx {
  /** Serialises counting: two transactions that both add alerts see each other's. Held until the end. */
  lockCounting(): Promise<void>;
  addAlerts(alerts: readonly AlertRecord[]): Promise<void>;
  /** Moves all alerts of tickets into one state. */
  moveAlerts(ticketIds: readonly number[], state: AlertState, reason: string): Promise<void>;
  /** Ends the counting of alerts that no window can reach any more. */
  expireAlerts(before: Date): Promise<number>;
}
