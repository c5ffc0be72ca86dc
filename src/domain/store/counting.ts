import type { AlertFields, AlertState } from '../alert.ts';
import type { Sighting } from '../sighting.ts';
import type { Ticket } from '../ticket.ts';
import type { NewTicket } from './tickets.ts';

/** A candidate for a ticket, which begins with the earliest window that meets its threshold. */
export interface NewCandidate extends NewTicket {
  readonly countsFrom: Date;
  /** The server that its device is directly behind; null where that can't be the cause. */
  readonly upstream: string | null;
  /** Not examined before; null: at once. */
  readonly lookAt: Date | null;
}

/** Which counted alerts go to a ticket: those of its counter from `from` on. */
export interface Claim {
  readonly ticketId: number;
  readonly counter: string;
  readonly from: Date;
  readonly state: AlertState;
  readonly reason: string;
}

/** What is left of a ticket when alerts were taken out of it. */
export interface TicketShare {
  readonly id: number;
  readonly counter: string;
  /** null: it has no alerts any more. */
  readonly ruleId: string | null;
  readonly alerts: number;
  readonly devices: number;
}

/** A ticket that holds alerts which a server's failure would explain. */
export type TicketUnder = Pick<
  Ticket,
  'id' | 'state' | 'subject' | 'channel' | 'postAt' | 'combinedInto' | 'firstAt'
>;

export interface Promotion {
  readonly counter: string;
  readonly failure: string;
  readonly subject: string;
  readonly region: string | null;
  readonly location: Ticket['location'];
  readonly countsFrom: Date;
  readonly reason: string;
}

/**
 * Counting in bulk: a few statements for a batch of mail, however many problems it is about. All of it happens
 * under `lockCounting`.
 */
export interface CountingTx {
  /** The alerts that still count, from ≤ at ≤ until, by counter. */
  countedSightings(
    counters: readonly string[],
    from: Date,
    until: Date,
  ): Promise<ReadonlyMap<string, readonly Sighting[]>>;
  /** The earliest alerts of each ticket, at most `limit` of each. */
  earliestSightings(
    ticketIds: readonly number[],
    limit: number,
  ): Promise<ReadonlyMap<number, readonly Sighting[]>>;
  /** Answers their ids, in the order given. */
  createCandidates(candidates: readonly NewCandidate[]): Promise<readonly number[]>;
  /** Gives tickets the alerts that still count, moves their beginnings, and adds to their totals. */
  claimCounted(claims: readonly Claim[]): Promise<void>;
  /** Adds what alerts say to the totals of their tickets. */
  absorbAll(groups: ReadonlyMap<number, readonly AlertFields[]>): Promise<void>;
  /** Of these servers, those directly behind which a live ticket's device is. */
  serversWithTickets(servers: readonly string[]): Promise<ReadonlySet<string>>;
  /** The tickets that have a message of their own, which is now to be brought up to date. */
  touchMessages(ticketIds: readonly number[], now: Date): Promise<ReadonlySet<number>>;

  /** How many distinct devices directly behind each server alerted, from ≤ at ≤ until, and are not in an ended ticket. */
  crowdsBehind(servers: readonly string[], from: Date, until: Date): Promise<ReadonlyMap<string, number>>;
  /** Those alerts of one server, the earliest `limit` of them. */
  sightingsBehind(server: string, from: Date, until: Date, limit: number): Promise<readonly Sighting[]>;
  /** The live tickets that hold alerts of the server's from `from` on. */
  ticketsUnder(server: string, from: Date): Promise<readonly TicketUnder[]>;
  /** Whether there are alerts that a ticket at the server would take over. */
  canTakeOver(server: string, from: Date): Promise<boolean>;
  /** Makes a shown ticket the server's. */
  promoteTicket(id: number, promotion: Promotion): Promise<void>;
  /** Moves the server's alerts from `from` on into its ticket; answers the tickets that they were taken from. */
  takeOver(server: string, claim: Omit<Claim, 'counter'>): Promise<readonly number[]>;
  sharesOf(ticketIds: readonly number[]): Promise<readonly TicketShare[]>;
  /** Ends tickets as part of another one; what alerts they still have count on for themselves. */
  joinTickets(ticketIds: readonly number[], into: number): Promise<void>;
  /** Shown tickets at servers whose diagnosis is still to be made. */
  promotedWithoutDiagnosis(): Promise<readonly number[]>;
}
