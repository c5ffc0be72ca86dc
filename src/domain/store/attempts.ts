/** An attempt of ours at one recipient and package of a job, with the time in which it ran. */
export interface OwnAttempt {
  readonly server: string;
  readonly job: string;
  readonly recipient: string;
  readonly package: string;
  readonly attempt: number;
  readonly startedAt: Date;
  /** null: it runs. */
  readonly endedAt: Date | null;
}

/** The ledger of our own attempts, for mail about them. */
export interface AttemptTx {
  /** The attempts on these servers at these jobs for these recipients that ran at that time or later. */
  ownAttempts(
    servers: readonly string[],
    jobs: readonly string[],
    recipients: readonly string[],
    since: Date,
  ): Promise<readonly OwnAttempt[]>;
}
