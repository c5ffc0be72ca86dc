import type { Recovery } from '../alert.ts';
import type { Evidence } from '../evidence.ts';

/** What shows that symptoms are over. It is kept, and judged together with all alerts, whichever comes first. */
export interface RecoveryTx {
  /** Adds what mails say, by their ids. */
  addRecoveries(said: ReadonlyMap<number, readonly Recovery[]>): Promise<void>;
  addEvidence(evidence: readonly Evidence[]): Promise<void>;
  /** Forgets what was said from there: it was taken back. */
  removeEvidence(origin: string): Promise<void>;
  /** Evidence since then about devices or recipients by these names, or about these tickets alone; the oldest first. */
  evidenceFor(
    names: readonly string[],
    ticketIds: readonly number[],
    since: Date,
  ): Promise<readonly Evidence[]>;
}
