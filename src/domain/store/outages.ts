import type { Outage } from '../outage.ts';
import type { AlertRecord } from './alerts.ts';

export type NewOutage = Pick<Outage, 'target' | 'from' | 'until' | 'reason' | 'source' | 'uid' | 'createdBy'>;
export type OutageChange = Partial<
  Pick<Outage, 'target' | 'from' | 'until' | 'reason' | 'endedBy' | 'endedHandledAt'>
>;

/** The reason of a voided alert that waits for its outage's end. */
export const outOfTotals = 'out-for-maintenance';

export interface StoredAlert extends AlertRecord {
  readonly id: number;
}

/** What an outage took out of the totals. */
export interface VoidedCount {
  readonly alerts: number;
  readonly devices: number;
  /** Of the alerts, those that wait for the outage's end. */
  readonly waiting: number;
}

/** Planned outages (A10), and the alerts that they took out of the totals. */
export interface OutageTx {
  /** Outages that cover some moment of from ≤ t ≤ until. */
  outagesDuring(from: Date, until: Date): Promise<readonly Outage[]>;
  /** Locks the row until the transaction ends. */
  outage(id: number): Promise<Outage | null>;
  addOutage(outage: NewOutage): Promise<number>;
  changeOutage(id: number, change: OutageChange): Promise<void>;
  /** Serialises what is done to a source's outages. Held until the end. */
  lockSource(source: string): Promise<void>;
  /** A source's outages that are not over, and those among these uids. */
  outagesOfSource(source: string, uids: readonly string[], now: Date): Promise<readonly Outage[]>;
  /** Sources that have outages which are not over. */
  sourcesWithOutages(now: Date): Promise<readonly string[]>;
  /** Outages whose end was not followed up yet. */
  outagesToEnd(now: Date): Promise<readonly number[]>;
  /** The devices that a ticket's alerts are about. */
  alertingDevices(ticketId: number): Promise<readonly string[]>;
  /**
   * Takes a ticket's alerts out of the totals, to wait for the outage's end with this device; `only` those about one
   * device, null: all.
   */
  voidAlerts(ticketId: number, outageId: number, device: string, only: string | null): Promise<void>;
  /** A ticket's alerts that no outage took out of the totals. */
  alertsLeft(ticketId: number): Promise<readonly StoredAlert[]>;
  /** The devices that an outage was about and that alerted within it, as long as their alerts wait for its end. */
  devicesWaiting(outageId: number): Promise<readonly string[]>;
  alertsWaiting(outageId: number, device: string): Promise<readonly StoredAlert[]>;
  /** Lets a device's alerts wait for another outage's end. */
  waitLonger(outageId: number, device: string, laterId: number): Promise<void>;
  /** They stay out of the totals for good, for this reason. */
  leaveVoided(ids: readonly number[], reason: string): Promise<void>;
  /** Takes alerts out, for them to be added anew. */
  removeAlerts(ids: readonly number[]): Promise<void>;
  /** The tickets that have taken some of these alerts in. */
  ticketsWith(alertIds: readonly number[]): Promise<readonly number[]>;
  voidedBy(outageIds: readonly number[]): Promise<ReadonlyMap<number, VoidedCount>>;
}
