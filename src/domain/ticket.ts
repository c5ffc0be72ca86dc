import type { Diagnosis } from './diagnosis.ts';
import type { Flapping } from './flapping.ts';

/**
 * A ticket's life. It is a candidate from the moment its threshold is met, and is shown to people from
 * `open` on; `voided` and `suppressed` ended before anybody saw it, `joined` became part of another ticket.
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
  'joined',
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

/** In these people see it. */
export const shownTicketStates = [
  'open',
  'acknowledged',
  'repaired',
  'resolved',
] as const satisfies readonly TicketState[];

/** What can happen to a ticket that people see: the first seven by a person, the others by themselves. */
export const ticketEvents = [
  'acknowledge',
  'assign',
  'snooze',
  'wake',
  'repair',
  'resolve',
  'reopen',
  'failed-again',
  'recovered',
  'redistributed',
] as const;
export type TicketEvent = (typeof ticketEvents)[number];

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
  /** Why it is in its state: a stable word in kebab-case. */
  readonly reason: string;
  readonly assignedTo: string | null;
  /** Until then nobody is paged and its thread is silent. */
  readonly snoozedUntil: Date | null;
  /** null where it was resolved by itself. */
  readonly resolvedBy: string | null;
  readonly resolvedAt: Date | null;
  /** When a person last opened it again, and so said that all of it fails; left out or `null`: nobody did. */
  readonly reopenedAt?: Date | null;
  /** The building queue that takes care of it; null: its region's channel does. */
  readonly queue: TicketQueue | null;
  /** Goes out with the digest of that time; null: it has a message of its own. */
  readonly postAt: Date | null;
  /** The ticket about another failure of the same device whose message it shares; null: it is told for itself. */
  readonly combinedInto: number | null;
  /** The ticket at the server that this one became part of; null unless it is `joined`. */
  readonly joinedInto: number | null;
  /** The outage after which its alerts count although they happened within it (A10); null: none. */
  readonly afterOutage?: AfterOutage | null;
  /** How it comes and goes; left out or `null`: nothing shows that it does. */
  readonly flapping?: Flapping | null;
}

/** A maintenance window that ended while something still failed. */
export interface AfterOutage {
  /** What was out: `server:int-38`. */
  readonly window: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly endedAt: string;
}

/** Which building's service staff got the ticket, and for which building (A16). */
export interface TicketQueue {
  readonly building: string;
  readonly forBuilding: string;
}

/** How far a ticket's thread has told what its alerts say (A17). */
export interface Told {
  readonly alertCount: number;
  readonly deviceCount: number;
  readonly packages: readonly string[];
  readonly failures: readonly string[];
  /** When the thread was last told something, and how often it was. */
  readonly at: string;
  readonly lines: number;
}

/** The regions whose channels have a line about another region's ticket. */
export interface ToldElsewhere {
  readonly regions: readonly string[];
  /** Their lines say that it is over. */
  readonly over: boolean;
}

/** What is worth a line in the thread; at least one of them says something. */
export interface NotableChange {
  /** The power of ten that the count crossed, such as 100; null: none. */
  readonly countCrossed: number | null;
  readonly alertCount: number;
  readonly newDevices: number;
  readonly deviceCount: number;
  readonly newPackages: readonly string[];
  readonly newFailures: readonly string[];
}
