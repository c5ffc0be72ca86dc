import type { JudgedSymptom, SeenSymptom } from '../symptom.ts';

/** What fails of tickets, as their alerts tell of it now, and as it was judged last. */
export interface SymptomTx {
  /** The symptoms of tickets, by ticket; what an outage took out of the totals is left out. */
  symptomsOf(ticketIds: readonly number[]): Promise<ReadonlyMap<number, readonly SeenSymptom[]>>;
  /** Ids of the shown, unresolved tickets that hold an alert about one of these devices or recipients. */
  shownTicketsWith(names: readonly string[]): Promise<readonly number[]>;
  /** Keeps how a ticket's symptoms were judged. Returns whether a state has changed since it was judged last. */
  saveSymptoms(ticketId: number, symptoms: readonly JudgedSymptom[]): Promise<boolean>;
}
