import type { FailedJob, Period } from '../redistribution.ts';

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
  clearFailedJobs(
    server: string,
    job: string,
    packages: readonly string[],
    recipients: readonly string[],
    attempt: number,
    now: Date,
  ): Promise<void>;
}
