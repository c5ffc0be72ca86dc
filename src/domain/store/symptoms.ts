import type { AlertRecord } from './alerts.ts';
import type { JudgedSymptom, SeenSymptom, Symptom } from '../symptom.ts';

/** A resolved ticket, and the occurrence that it holds. */
export interface ResolvedTicket {
  readonly occurrence: string;
  readonly ticketId: number;
  readonly counter: string;
  readonly resolvedAt: Date;
}

/** What fails of tickets, as their alerts tell of it now, and as it was judged last. */
export interface SymptomTx {
  /** The symptoms of tickets, by ticket; what an outage took out of the totals is left out. */
  symptomsOf(ticketIds: readonly number[]): Promise<ReadonlyMap<number, readonly SeenSymptom[]>>;
  /** The failures of these devices since then, each second of a symptom once; what an outage took out of the totals is left out. */
  failuresAt(devices: readonly string[], since: Date): Promise<readonly (Symptom & { readonly at: Date })[]>;
  /** Ids of the shown, unresolved tickets that hold an alert about one of these devices or recipients. */
  shownTicketsWith(names: readonly string[]): Promise<readonly number[]>;
  /** When each of these occurrences was first seen; those that are new are left out. */
  firstSeen(occurrences: readonly string[]): Promise<ReadonlyMap<string, Date>>;
  /** The resolved tickets that hold one of these occurrences. */
  resolvedTicketsWith(occurrences: readonly string[]): Promise<readonly ResolvedTicket[]>;
  /**
   * Notes that senders say again that occurrences last, unless word has come since they began that they are over. Returns
   * those of which that is news.
   */
  refreshOccurrences(seen: ReadonlyMap<string, Date>): Promise<ReadonlySet<string>>;
  /**
   * Of alerts that have just come into their tickets: the tickets of which a symptom had been silent for `quietMs` before
   * one of them, and for how long at most, in ms.
   */
  silentBefore(
    alerts: readonly Pick<AlertRecord, 'ticketId' | 'mailId' | 'ordinal'>[],
    quietMs: number,
  ): Promise<ReadonlyMap<number, number>>;
  /** Keeps how a ticket's symptoms were judged. Returns whether a state has changed since it was judged last. */
  saveSymptoms(ticketId: number, symptoms: readonly JudgedSymptom[]): Promise<boolean>;
}
