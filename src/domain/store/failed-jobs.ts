import type { FailedJob, Period } from '../redistribution.ts';

/** What an attempt at a job has brought: all of the packages to all of the recipients. */
export interface Delivered {
  readonly server: string;
  readonly job: string;
  readonly packages: readonly string[];
  readonly recipients: readonly string[];
  readonly attempt: number;
}

/** A failed job that was open until now. */
export type ClearedJob = Pick<FailedJob, 'job' | 'recipient' | 'package' | 'toldAs'>;

/** The failed distribution files (B1). */
export interface FailedJobTx {
  /**
   * Records failures that alerts or logs report; older news never overwrites newer. A job that is done every night begins
   * with attempt 1 again: the time of the failure decides, and the attempt only between failures of the same time.
   */
  addFailedJobs(jobs: readonly FailedJob[]): Promise<void>;
  /** As `addFailedJobs`, by what alerts and logs say together: who knows of a failure is known from now on. */
  reconcileFailedJobs(jobs: readonly FailedJob[]): Promise<void>;
  failedJobs(server: string, period: Period | null): Promise<readonly FailedJob[]>;
  /** Servers on which something failed for this recipient and is not cleared. */
  serversWithFailuresFor(recipient: string): Promise<readonly string[]>;
  /** Servers on which this job failed for anybody and is not cleared. */
  serversWithFailuresOf(job: string): Promise<readonly string[]>;
  /** Nothing is left to do for these recipients. Returns those that were open. */
  clearFailedJobs(done: readonly Delivered[], now: Date): Promise<readonly ClearedJob[]>;
}
