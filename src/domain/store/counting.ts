import type { AlertFields, AlertState } from '../alert.ts';
import type { Level } from '../level.ts';
import type { Crowd } from '../root-cause.ts';
import type { Sighting } from '../sighting.ts';
import type { Ticket, TicketState } from '../ticket.ts';
import type { NewTicket } from './tickets.ts';

/** A candidate for a ticket, which begins with the earliest window that meets its threshold. */
export interface NewCandidate extends NewTicket {
  readonly countsFrom: Date;
  /** The server that its device is directly behind; null where that can't be the cause. */
  readonly upstream: string | null;
  /** Not examined before; null: at once. */
  readonly lookAt: Date | null;
  /** The last alert of the window that opens it; left out where the ticket is about one device. */
  readonly metAt?: Date;
}

/** An alert as the rules over more than a device see it. */
export interface ScopeSighting extends Sighting {
  readonly counter: string;
  readonly region: string | null;
  readonly distributionServer: string | null;
}

/** An alert as it tells for a server. */
export interface NamedSighting extends Sighting {
  readonly package: string | null;
  readonly job: string | null;
}

/** What alerts of a ticket add to in a scope, and when they happened. */
export interface ScopeSpan {
  readonly counter: string;
  readonly ruleId: string;
  readonly from: Date;
  readonly until: Date;
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
  readonly state: TicketState;
  readonly countsFrom: Date | null;
  /** null: it has no alerts any more. */
  readonly ruleId: string | null;
  readonly alerts: number;
  readonly devices: number;
}

/** A ticket that holds alerts which a server's failure would explain. */
export type TicketUnder = Pick<
  Ticket,
  'id' | 'state' | 'subject' | 'channel' | 'postAt' | 'combinedInto' | 'firstAt' | 'alertCount'
> & {
  /** Those of its alerts that the server would explain. */
  readonly explained: number;
};

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

  /** How many alerts, and of how many devices, add to each of these in wider scopes, from ≤ at ≤ until. */
  scopeCounts(
    counters: readonly string[],
    from: Date,
    until: Date,
  ): Promise<ReadonlyMap<string, { readonly alerts: number; readonly devices: number }>>;
  /** Those alerts, without what tickets of a stronger level hold. `until` is `null` for no end. */
  scopeSightings(
    counters: readonly string[],
    from: Date,
    until: Date | null,
    level: Level,
  ): Promise<readonly ScopeSighting[]>;
  /**
   * Moves the alerts that add to the counter into its ticket, from `from` on, except what tickets of a stronger level
   * hold. Returns the tickets that they were taken from.
   */
  takeOverScope(claim: Claim, level: Level): Promise<readonly number[]>;
  /** What the alerts of a ticket add to in wider scopes, from `from` on. */
  scopesIn(ticketId: number, from: Date): Promise<readonly ScopeSpan[]>;
  /** All alerts of a ticket. */
  ticketSightings(ticketId: number): Promise<readonly NamedSighting[]>;
  /** Takes a ticket's alerts from before this time out of it: they count for themselves again. */
  releaseBefore(ticketId: number, from: Date): Promise<void>;
  /** Takes all of a ticket's alerts out of it: they count for themselves again. */
  releaseAll(ticketId: number): Promise<void>;

  /**
   * How many distinct devices are in each crowd, from ≤ at ≤ until, by its counter; without what ended tickets and those of a
   * stronger level hold. All crowds name something, or none does.
   */
  crowdsBehind(crowds: readonly Crowd[], from: Date, until: Date): Promise<ReadonlyMap<string, number>>;
  /** Those alerts, the earliest `limit` of each crowd. All crowds name something, or none does. */
  sightingsBehind(
    crowds: readonly Crowd[],
    from: Date,
    until: Date,
    limit: number,
  ): Promise<ReadonlyMap<string, readonly NamedSighting[]>>;
  /** The live tickets that hold alerts of the crowd from `from` on. */
  ticketsUnder(crowd: Crowd, from: Date): Promise<readonly TicketUnder[]>;
  /** Whether there are alerts that a ticket at the server would take over. */
  canTakeOver(crowd: Crowd, from: Date): Promise<boolean>;
  /** Makes a shown ticket the server's. */
  promoteTicket(id: number, promotion: Promotion): Promise<void>;
  /** Moves the crowd's alerts from `from` on into its ticket. Returns the tickets that they were taken from. */
  takeOver(crowd: Crowd, claim: Omit<Claim, 'counter'>): Promise<readonly number[]>;
  sharesOf(ticketIds: readonly number[]): Promise<readonly TicketShare[]>;
  /** Ends tickets as part of another one; what alerts they still have count on for themselves. */
  joinTickets(ticketIds: readonly number[], into: number): Promise<void>;
  /** Shown tickets at servers whose diagnosis is still to be made. */
  promotedWithoutDiagnosis(): Promise<readonly number[]>;
}
