import type { Person } from '../chat.ts';
import type { FailedJob } from '../redistribution.ts';
import type { ClearedJob } from './failed-jobs.ts';

/** Failures of one package of one job on a server: of one recipient, or (`null`) of all. */
export interface FailureScope {
  readonly server: string;
  readonly job: string;
  readonly package: string;
  readonly recipient: string | null;
}

/** What is open of one package of one job on a server. */
export interface OpenFailure extends Omit<FailureScope, 'recipient'> {
  /** How many recipients lack it, and the first of them by name. */
  readonly count: number;
  readonly recipients: readonly string[];
  readonly since: Date;
  readonly latest: Date;
  /** The cause of one of them. */
  readonly cause: string;
  readonly knownFrom: readonly FailedJob['knownFrom'][];
}

/** Somebody's word that nothing is to be done about failures. */
export interface Dismissal {
  readonly id: string;
  readonly scope: FailureScope;
  readonly by: Person;
  readonly at: Date;
  readonly reason: string;
}

/** A dismissed failure, by what it is about. */
export interface DismissedFailure
  extends Pick<FailedJob, 'server' | 'job' | 'recipient' | 'package' | 'failedAt'> {
  readonly by: Person;
  readonly at: Date;
  readonly reason: string;
}

/** What is open, and what people dismissed. */
export interface DismissalTx {
  /**
   * Returns what is open, longest first; `about` is a server, a recipient, a job or a package in any spelling of its letters,
   * `null` for all. `total` counts also those beyond the limit.
   */
  listOpenFailures(
    about: string | null,
    limit: number,
  ): Promise<{ readonly total: number; readonly failures: readonly OpenFailure[] }>;
  /** Clears the failures that are open in its scope, and returns them. */
  dismissFailures(dismissal: Dismissal): Promise<readonly ClearedJob[]>;
  /** Opens again what it cleared and is dismissed still; returns how many, and forgets the dismissal. */
  undoDismissal(id: string): Promise<number>;
  /** Returns the dismissals since then that stand, the latest first. */
  dismissals(since: Date, limit: number): Promise<readonly Dismissal[]>;
  /** Returns what is dismissed on a server. */
  dismissedFailures(server: string): Promise<readonly DismissedFailure[]>;
}
