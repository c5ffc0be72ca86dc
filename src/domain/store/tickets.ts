import type { AlertFields } from '../alert.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Ticket, TicketState, VerifiedLocation } from '../ticket.ts';

/** A ticket as stored: the ticket that people see, and what the gates still need. */
export interface TicketRecord extends Ticket {
  readonly device: string;
  readonly saidBuilding: string | null;
  readonly saidRoom: string | null;
  /** A held ticket is examined again from this time on. */
  readonly lookAt: Date | null;
}

/** What intake needs to know of a ticket that still takes in alerts. */
export type LiveTicket = Pick<Ticket, 'id' | 'state' | 'repairedAt' | 'channel'>;

export interface NewTicket {
  readonly counter: string;
  readonly failure: string;
  readonly subject: string;
  readonly device: string;
  readonly region: string | null;
  readonly announced: string;
  readonly saidBuilding: string | null;
  readonly saidRoom: string | null;
  readonly at: Date;
}

export interface TicketChange {
  readonly state?: TicketState;
  readonly reason?: string;
  readonly region?: string | null;
  readonly diagnosis?: Diagnosis;
  readonly location?: VerifiedLocation;
  readonly channel?: string;
  readonly acknowledgedBy?: string;
  readonly acknowledgedAt?: Date;
  readonly repairedBy?: string | null;
  readonly repairedAt?: Date | null;
  readonly looks?: number;
  readonly lookAt?: Date;
  readonly openedAt?: Date;
}

/** Tickets, with what their alerts say in sum. */
export interface TicketTx {
  /** The tickets that still take in alerts, by counter. */
  liveTickets(counters: readonly string[]): Promise<ReadonlyMap<string, LiveTicket>>;
  createTicket(ticket: NewTicket): Promise<number>;
  /** Adds what alerts say to a ticket's totals. */
  absorb(ticketId: number, alerts: readonly AlertFields[]): Promise<void>;
  /** Brings a ticket's totals in line with the alerts that are assigned to it. */
  recount(ticketId: number): Promise<void>;
  ticket(id: number): Promise<TicketRecord | null>;
  changeTicket(id: number, change: TicketChange): Promise<void>;
  /** Tickets in these states, the oldest first. */
  ticketsIn(states: readonly TicketState[]): Promise<readonly TicketRecord[]>;
  /** Repaired tickets about a server, or whose alerts name it as the issuing server. */
  repairedTicketsOf(server: string): Promise<readonly TicketRecord[]>;
}
