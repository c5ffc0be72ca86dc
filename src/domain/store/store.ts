import type { Clock } from '../clock.ts';
import type { BatchPlace } from '../intake.ts';
import type { AlertTx } from './alerts.ts';
import type { ApprovalTx } from './approvals.ts';
import type { AttemptTx } from './attempts.ts';
import type { AuditTx } from './audit.ts';
import type { CountingTx } from './counting.ts';
import type { DeliveryTx } from './deliveries.ts';
import type { DismissalTx } from './dismissals.ts';
import type { DryRunTx } from './dry-runs.ts';
import type { EventTx } from './events.ts';
import type { FailedJobTx } from './failed-jobs.ts';
import type { FreezeTx } from './freezes.ts';
import type { HeartbeatTx } from './heartbeats.ts';
import type { Job } from './jobs.ts';
import type { LogWatchTx } from './log-watches.ts';
import type { MailRecord, MailTx } from './mails.ts';
import type { OutageTx } from './outages.ts';
import type { PagingTx } from './paging.ts';
import type { RecoveryTx } from './recoveries.ts';
import type { RedistributionTx } from './redistributions.ts';
import type { ReportTx } from './reports.ts';
import type { ServerClockTx } from './server-clocks.ts';
import type { ServerLockTx } from './server-locks.ts';
import type { ServicingTx } from './servicing.ts';
import type { ReadingTx } from './readings.ts';
import type { SourceTx } from './sources.ts';
import type { StoredMailTx } from './stored-mails.ts';
import type { ThresholdTx } from './thresholds.ts';
import type { SymptomTx } from './symptoms.ts';
import type { TicketCareTx } from './ticket-care.ts';
import type { TicketTx } from './tickets.ts';
import type { WatchTx } from './watches.ts';

/** Reads and writes inside one transaction. */
export interface Tx
  extends MailTx,
    StoredMailTx,
    HeartbeatTx,
    AlertTx,
    CountingTx,
    ThresholdTx,
    OutageTx,
    SourceTx,
    ReadingTx,
    TicketTx,
    TicketCareTx,
    SymptomTx,
    DeliveryTx,
    FailedJobTx,
    DismissalTx,
    RedistributionTx,
    ServerClockTx,
    ServerLockTx,
    ApprovalTx,
    FreezeTx,
    DryRunTx,
    AttemptTx,
    ServicingTx,
    WatchTx,
    LogWatchTx,
    RecoveryTx,
    PagingTx,
    ReportTx,
    EventTx,
    AuditTx {
  enqueue(job: Job): Promise<void>;
}

/** A batch of mail on its way in; all of it is committed together. */
export interface IntakeSteps<Stored> {
  /** Is told when the batch was committed. */
  readonly place: BatchPlace;
  /** More mail comes at once; who works on its tickets need not be woken before that is in, too. */
  readonly moreFollows: boolean;
  /** The mails to add, made outside of the transaction; called at most once. */
  readonly mails: () => readonly MailRecord[];
  /** What needs no counting. */
  readonly store: (tx: Tx, mails: readonly MailRecord[]) => Promise<Stored>;
  /** With counting locked. */
  readonly count: (tx: Tx, stored: Stored) => Promise<void>;
}

export interface Store {
  /** `PostgreSQL 15.18` or `PGlite in ./data`. */
  readonly description: string;
  /** The store's time, the same for every bot on it: leases, due times and all else that is stored count by it. */
  readonly clock: Clock;
  /**
   * Commits when `work` resolves, rolls back when it rejects. Where PostgreSQL ends the transaction in favor of another one
   * (a deadlock, a lock that is not free in time) `work` runs again: outside of `tx` it may only assign, not add up.
   * @throws RestageError `database-unavailable` if the database can't be reached or takes nothing now.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Reads one state of the database, however long that takes: for audits, numbers and reports. `work` can change nothing, and
   * holds up nobody.
   */
  snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * As `transaction`, with counting locked from its start (see `lockCounting`), for decisions about tickets. Mail and
   * tickets take turns: a flood of one does not hold up the other. Works that wait together are committed together; where
   * that fails each runs anew by itself, so that `work` may run twice.
   */
  countingTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same for a batch of mail. Answers false, and nothing of it is committed, where it had its turn before the batch
   * before it was committed.
   */
  intakeTransaction<Stored>(steps: IntakeSteps<Stored>): Promise<boolean>;
  close(): Promise<void>;
}
