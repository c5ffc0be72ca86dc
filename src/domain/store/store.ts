import type { AlertTx } from './alerts.ts';
import type { DeliveryTx } from './deliveries.ts';
import type { EventTx } from './events.ts';
import type { FailedJobTx } from './failed-jobs.ts';
import type { Job } from './jobs.ts';
import type { MailTx } from './mails.ts';
import type { OutageTx } from './outages.ts';
import type { RedistributionTx } from './redistributions.ts';
import type { TicketTx } from './tickets.ts';

/** Reads and writes inside one transaction. */
export interface Tx
  extends MailTx,
    AlertTx,
    OutageTx,
    TicketTx,
    DeliveryTx,
    FailedJobTx,
    RedistributionTx,
    EventTx {
  enqueue(job: Job): Promise<void>;
}

export interface Store {
  /** `PostgreSQL 15.18` or `PGlite in ./data`. */
  readonly description: string;
  /** Commits when `work` resolves, rolls back when it rejects. Rejects with `database-unavailable` when it can't be reached. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
