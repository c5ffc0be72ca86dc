import { allDone } from '../../domain/all-done.ts';
import type { Job } from '../../domain/store/jobs.ts';
import type { Store, Tx } from '../../domain/store/store.ts';
import { alertQueries } from './alerts.ts';
import { approvalQueries } from './approvals.ts';
import { attemptQueries } from './attempts.ts';
import { auditQueries } from './audit.ts';
import type { Database, ExecuteSql, TransactionKind } from './database.ts';
import { countingQueries } from './counting.ts';
import { deliveryQueries } from './deliveries.ts';
import { dryRunQueries } from './dry-runs.ts';
import { eventQueries } from './events.ts';
import { failedJobQueries } from './failed-jobs.ts';
import { describeFailure } from './failures.ts';
import { createGatheredWake, type Wake } from './gathered-wake.ts';
import { heartbeatQueries } from './heartbeats.ts';
import { joinQueries } from './lazy-queries.ts';
import { logWatchQueries } from './log-watches.ts';
import { createMailLane } from './mail-lane.ts';
import { mailQueries, prepareMails } from './mails.ts';
import { dismissalQueries } from './dismissals.ts';
import { freezeQueries } from './freezes.ts';
import { outageQueries } from './outages.ts';
import { pagingQueries } from './paging.ts';
import { readingQueries } from './readings.ts';
import { recoveryQueries } from './recoveries.ts';
import { redistributionQueries } from './redistributions.ts';
import { reportQueries } from './reports.ts';
import { retryConflicts } from './retry-conflicts.ts';
import { serverClockQueries } from './server-clocks.ts';
import { serverLockQueries } from './server-locks.ts';
import { servicingQueries } from './servicing.ts';
import { sourceQueries } from './sources.ts';
import { storedMailQueries } from './stored-mails.ts';
import { rootCauseQueries } from './root-cause.ts';
import { scopeQueries } from './scopes.ts';
import { symptomQueries } from './symptoms.ts';
import { thresholdQueries } from './thresholds.ts';
import { ticketCareQueries } from './ticket-care.ts';
import { ticketQueries } from './tickets.ts';
import type { StoreTime } from './store-time.ts';
import { watchQueries } from './watches.ts';
import { createGroupLane, createTurns } from './turns.ts';

const makers = [
  mailQueries,
  storedMailQueries,
  heartbeatQueries,
  alertQueries,
  countingQueries,
  rootCauseQueries,
  scopeQueries,
  thresholdQueries,
  outageQueries,
  sourceQueries,
  readingQueries,
  eventQueries,
  ticketQueries,
  ticketCareQueries,
  symptomQueries,
  deliveryQueries,
  failedJobQueries,
  dismissalQueries,
  redistributionQueries,
  serverClockQueries,
  serverLockQueries,
  approvalQueries,
  freezeQueries,
  dryRunQueries,
  servicingQueries,
  recoveryQueries,
  pagingQueries,
  reportQueries,
  attemptQueries,
  watchQueries,
  logWatchQueries,
  auditQueries,
] as const;

/** Puts jobs into the database that the state they continue is committed to. */
export interface JobSink {
  enqueue(jobs: readonly Job[], executeSql: ExecuteSql): Promise<void>;
  /** Called after the commit, so that the workers need not wait for their next poll. */
  wake(queues: ReadonlySet<Job['queue']>): void;
}

/** Decisions about tickets are small, and come in crowds; a batch of mail is large enough for a transaction. */
const ticketsTogether = 25;
/** In a burst of mail the tickets of so many batches are looked after together. */
const mailsInARow = 4;

/** The store over an open database; see the port for its promises. */
export function createStore(database: Database, jobs: JobSink, time: StoreTime): Store {
  const queriesOf = joinQueries(makers, database.blank, time);

  const wakeAtOnce: Wake = (queues) => jobs.wake(queues);
  const afterMail = createGatheredWake(wakeAtOnce, mailsInARow);

  async function transaction<T>(
    work: (tx: Tx) => Promise<T>,
    wake = wakeAtOnce,
    kind: TransactionKind = 'ordinary',
  ): Promise<T> {
    /** By their content: what is asked for twice is done once. */
    const wanted = new Map<string, Job>();
    const enqueue = async (job: Job) => void wanted.set(JSON.stringify(job), job);
    const run = () =>
      database.transaction(async ({ db, executeSql }) => {
        wanted.clear();
        const done = await work(Object.assign(queriesOf(db), { enqueue }));
        if (wanted.size > 0) await jobs.enqueue([...wanted.values()], executeSql);
        return done;
      }, kind);
    await time.settle();
    const result = await retryConflicts(run).catch((error: unknown) => {
      throw describeFailure(error);
    });
    if (wanted.size > 0) wake(new Set([...wanted.values()].map(({ queue }) => queue)));
    return result;
  }

  const mail = createMailLane<Tx>((work) => transaction(work, afterMail.add));
  const tickets = createGroupLane<Tx>(ticketsTogether, (work) =>
    transaction((tx) => countingLocked(tx, () => work(tx))),
  );
  const serve = createTurns([mail, tickets]);
  return {
    description: database.description,
    clock: time.clock,
    close: () => database.close(),
    transaction: (work) => transaction(work),
    snapshot: (work) => transaction(work, wakeAtOnce, 'snapshot'),
    countingTransaction(work) {
      const done = tickets.add(work);
      serve();
      return done;
    },
    async intakeTransaction({ place, moreFollows, mails, store, count }) {
      const done = mail.add({
        place,
        prepare: () => prepareMails(database.blank, mails()),
        store,
        count: (tx, stored) => countingLocked(tx, () => count(tx, stored)),
      });
      serve();
      try {
        return await done;
      } finally {
        afterMail.pass(!moreFollows);
      }
    },
  };
}

/** The server does one after the other: nothing is read before the lock is taken. */
async function countingLocked<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const [, done] = await allDone([tx.lockCounting(), work()]);
  return done;
}
