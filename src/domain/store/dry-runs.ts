import type { Person } from '../chat.ts';

/** A command as its tool tries it, before the run is approved (B11). */
export interface DryRun {
  /** Names the run on the server for ever. */
  readonly id: string;
  readonly redistributionId: string;
  readonly commandId: string;
  readonly argv: readonly string[];
  /** Where the server keeps its run: a path, or `home`; `null` for runs that were planned before it was stored. */
  readonly runFolder: string | null;
  readonly requestedBy: Person;
  readonly requestedAt: Date;
  /** Who approved that it is tried; empty: its tool only lists, which takes no approval. */
  readonly approvedBy: readonly Person[];
  /** The end of what it printed. */
  readonly output: string;
  readonly exitCode: number | null;
  /** Why nobody knows how it went, or why it did not run. */
  readonly note: string | null;
  readonly endedAt: Date | null;
}

export interface DryRunTx {
  addDryRuns(runs: readonly DryRun[]): Promise<void>;
  dryRun(id: string): Promise<DryRun | null>;
  /** Those that have not ended, of one redistribution or of all, oldest first. */
  openDryRuns(redistributionId: string | null): Promise<readonly DryRun[]>;
  /** False where it had ended before. */
  endDryRun(id: string, end: Pick<DryRun, 'output' | 'exitCode' | 'note'>, endedAt: Date): Promise<boolean>;
  /** Those on a server that ended before then, and whose runs may still be kept there. */
  dryRunsToPrune(
    server: string,
    endedBefore: Date,
    limit: number,
  ): Promise<readonly Pick<DryRun, 'id' | 'runFolder'>[]>;
  noteDryRunsPruned(ids: readonly string[]): Promise<void>;
}
