import type { Diagnosis } from '../diagnosis.ts';
import type { Flapping } from '../flapping.ts';
import type {
  AfterOutage,
  Ticket,
  TicketQueue,
  TicketState,
  Told,
  ToldElsewhere,
  VerifiedLocation,
} from '../ticket.ts';

/** A ticket as stored: the ticket that people see, and what the gates still need. */
export interface TicketRecord extends Ticket {
  readonly device: string;
  readonly saidBuilding: string | null;
  readonly saidRoom: string | null;
  /** Left out: the mail states none. */
  readonly saidAddress?: string | null;
  /** A held ticket is examined again from this time on. */
  readonly lookAt: Date | null;
  /** Is it well by itself? That is asked from this time on. */
  readonly checkAt: Date | null;
  /** null until its thread begins. */
  readonly told: Told | null;
  /** Left out or `null` if no line stands in another channel. */
  readonly elsewhere?: ToldElsewhere | null;
}

/** What intake needs to know of a ticket that still takes in alerts. */
export type LiveTicket = Pick<Ticket, 'id' | 'state' | 'repairedAt' | 'channel' | 'postAt' | 'firstAt'> & {
  /** Where its alerts begin; null: there is no limit. */
  readonly countsFrom: Date | null;
  /** The last alert of the window that opened it; `null` if it is not known, or the ticket is about one device. */
  readonly metAt: Date | null;
};

export interface NewTicket {
  readonly counter: string;
  readonly failure: string;
  readonly subject: string;
  readonly device: string;
  readonly region: string | null;
  readonly announced: string;
  readonly saidBuilding: string | null;
  readonly saidRoom: string | null;
  /** Left out: the mail states none. */
  readonly saidAddress?: string | null;
  readonly at: Date;
}

export interface TicketChange {
  readonly state?: TicketState;
  readonly reason?: string;
  readonly region?: string | null;
  readonly diagnosis?: Diagnosis;
  readonly location?: VerifiedLocation;
  readonly channel?: string;
  readonly acknowledgedBy?: string | null;
  readonly acknowledgedAt?: Date | null;
  readonly repairedBy?: string | null;
  readonly repairedAt?: Date | null;
  readonly looks?: number;
  readonly lookAt?: Date;
  readonly openedAt?: Date;
  readonly assignedTo?: string;
  readonly snoozedUntil?: Date | null;
  readonly resolvedBy?: string | null;
  readonly resolvedAt?: Date | null;
  readonly reopenedAt?: Date;
  readonly queue?: TicketQueue;
  readonly postAt?: Date | null;
  readonly combinedInto?: number;
  readonly checkAt?: Date;
  readonly told?: Told;
  readonly elsewhere?: ToldElsewhere;
  readonly countsFrom?: Date;
  readonly metAt?: Date;
  readonly afterOutage?: AfterOutage;
  readonly flapping?: Flapping;
}

/** Tickets, with what their alerts say in sum. */
export interface TicketTx {
  /** The tickets that still take in alerts, by counter. */
  liveTickets(counters: readonly string[]): Promise<ReadonlyMap<string, LiveTicket>>;
  /** Brings a ticket's totals in line with the alerts that are assigned to it. */
  recount(ticketId: number): Promise<void>;
  ticket(id: number): Promise<TicketRecord | null>;
  /** Those of these ids that there are; locked until the transaction's end, as `ticket` is. */
  tickets(ids: readonly number[]): Promise<ReadonlyMap<number, TicketRecord>>;
  /** The same without locking them: they may change at once. */
  ticketsAsTheyAre(ids: readonly number[]): Promise<ReadonlyMap<number, TicketRecord>>;
  changeTicket(id: number, change: TicketChange): Promise<void>;
  /** What a change leaves out stays as it is. */
  changeTickets(changes: ReadonlyMap<number, TicketChange>): Promise<void>;
  /** Tickets in these states, the oldest first. */
  ticketsIn(states: readonly TicketState[]): Promise<readonly TicketRecord[]>;
  /** Repaired tickets about a server, or whose alerts name it as the issuing server. */
  repairedTicketsOf(server: string): Promise<readonly TicketRecord[]>;
}
