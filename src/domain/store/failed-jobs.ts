import type { FailedJob, Period } from '../redistribution.ts';

/** The failed distribution files (B1). */
export interface FailedJobTx {
  /** Records failures that alerts or logs report; older news never overwrites newer. */
  addFailedJobs(jobs: readonly FailedJob[]): Promise<void>;
  failedJobs(server: string, period: Period | null): Promise<readonly FailedJob[]>;
  /** Servers on which something failed for this recipient and is not cleared. */
  serversWithFailuresFor(recipient: string): Promise<readonly string[]>;
  clearFailedJobs(
    server: string,
    job: string,
    packages: readonly string[],
    recipients: readonly string[],
    attempt: number,
    now: Date,
  ): Promise<void>;
}
