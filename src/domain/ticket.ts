import type { Diagnosis } from './diagnosis.ts';

/**
 * A ticket's life. It is a candidate from the moment its threshold is met, and is shown to people from
 * `open` on; `voided` and `suppressed` ended before anybody saw it.
 */
export const ticketStates = [
  'candidate',
  'held',
  'open',
  'acknowledged',
  'repaired',
  'resolved',
  'voided',
  'suppressed',
] as const;
export type TicketState = (typeof ticketStates)[number];

/** In these a ticket still takes in alerts; a problem has at most one such ticket. */
export const liveTicketStates = [
  'candidate',
  'held',
  'open',
  'acknowledged',
  'repaired',
] as const satisfies readonly TicketState[];

export interface Location {
  readonly site: string | null;
  readonly building: string | null;
  readonly room: string | null;
}

/** What the location check found (A12). */
export interface VerifiedLocation extends Location {
  /** The inventory knows the device. */
  readonly known: boolean;
  /** What the inventory corrected, such as `mail said B2/114, inventory says B3/201`. */
  readonly corrections: readonly string[];
}

export interface Ticket {
  readonly id: number;
  readonly state: TicketState;
  /** What is counted: failure, scope and subject in one string, such as `connection|server:int-38`. */
  readonly counter: string;
  readonly failure: string;
  /** The device the ticket is about. */
  readonly subject: string;
  readonly region: string | null;
  readonly alertCount: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly packages: readonly string[];
  readonly jobs: readonly string[];
  readonly servers: readonly string[];
  /** Devices named in the alerts: the first few, and how many there are in all. */
  readonly devices: readonly string[];
  readonly deviceCount: number;
  readonly announced: string;
  readonly diagnosis: Diagnosis | null;
  readonly location: VerifiedLocation | null;
  readonly channel: string | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly repairedBy: string | null;
  readonly repairedAt: Date | null;
  /** How often the diagnosis was put off so far. */
  readonly looks: number;
  readonly openedAt: Date | null;
}
