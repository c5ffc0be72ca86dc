import type { ResolvedBefore, StoredProblem } from '../recurring.ts';
import type { Origin } from '../root-cause.ts';
import type { Ticket } from '../ticket.ts';
import type { TicketRecord } from './tickets.ts';

/** What a ticket says of another one that became part of it. */
export type JoinedTicket = Pick<Ticket, 'subject' | 'failure' | 'alertCount'>;

/** Tickets by what is to be done about them. */
export interface TicketCareTx {
  /** Ids of the tickets under examination whose next look is due; it is never rightly due later than `longestMs` from now. */
  ticketsToExamine(now: Date, longestMs: number): Promise<readonly number[]>;
  /** The tickets that a digest lists, the oldest first; whatever has become of them since. */
  ticketsOfDigest(channel: string, postAt: Date): Promise<readonly TicketRecord[]>;
  /** Ids of the shown tickets whose snooze is over, or whose health is to be asked for. */
  ticketsToAttend(
    now: Date,
    longest: { readonly snoozeMs: number; readonly checkMs: number },
  ): Promise<readonly number[]>;
  /** The tickets that share the message of one of these, whatever their state. */
  ticketsCombinedInto(ticketIds: readonly number[]): Promise<readonly TicketRecord[]>;
  /** What became part of this ticket. */
  ticketsJoinedInto(ticketId: number): Promise<readonly JoinedTicket[]>;
  /** Where a ticket's alerts come from. */
  originsOf(ticketId: number): Promise<readonly Origin[]>;
  /** Of these servers, those that have a live ticket of their own because deliveries fail behind them in this way. */
  serversFailing(servers: readonly string[], failure: string): Promise<readonly string[]>;
  /** Tickets that were resolved since then without a person, the latest first. */
  resolvedByItself(since: Date): Promise<readonly TicketRecord[]>;
  /**
   * When each problem failed, since ≤ at ≤ until, in full quarters of an hour, the earliest first; by the problem's counter.
   * What an outage took out of the totals is left out.
   */
  failureTimes(
    problems: readonly StoredProblem[],
    since: Date,
    until: Date,
  ): Promise<ReadonlyMap<string, readonly Date[]>>;
  /**
   * Tickets that were resolved since then, the newest first: with one of these counters, or with a diagnosis that pinged one
   * of these addresses.
   */
  resolvedBefore(
    counters: readonly string[],
    addresses: readonly string[],
    since: Date,
  ): Promise<readonly ResolvedBefore[]>;
  /** When problems with these counters recovered since then before anybody saw them, by their last alert. */
  recoveredWhileHeld(counters: readonly string[], since: Date): Promise<ReadonlyMap<string, readonly Date[]>>;
  /** Shown, unresolved tickets about one of these devices. */
  shownTicketsAbout(devices: readonly string[]): Promise<readonly TicketRecord[]>;
}
