import PgBoss from 'pg-boss';
import { RestageError } from '../../domain/errors.ts';
import type { Log } from '../../domain/log.ts';
import type { Job } from '../../domain/store/jobs.ts';
import { startWorker, type Worker } from './worker.ts';

type QueueName = Job['queue'];
type Rows = { readonly rows: readonly unknown[] };
type ExecuteSql = (text: string, values?: unknown[]) => Promise<Rows>;

/** The bot's own database. */
interface SqlDatabase {
  readonly executeSql: ExecuteSql;
  transaction(work: (session: { readonly executeSql: ExecuteSql }) => Promise<void>): Promise<void>;
}

export interface Queue {
  /** Adds jobs by the given connection, in one statement: they exist once that one's transaction is committed. */
  enqueue(jobs: readonly Job[], executeSql: ExecuteSql): Promise<void>;
  wake(queues: ReadonlySet<QueueName>): void;
  /** Handles jobs until `stop`. A handler that rejects is called again later; jobs with equal content that wait together are handled once. */
  start(
    handlers: { readonly [Name in QueueName]: (job: Extract<Job, { queue: Name }>) => Promise<void> },
  ): Promise<void>;
  /** Resolves when the queue does nothing more in the database. */
  stop(): Promise<void>;
}

const queueNames = [
  'evaluate',
  'deliver',
  'page',
  'heartbeat',
  'attend',
  'watch',
  'log-watch',
  'outage-end',
  'gather',
  'dry-run',
  'run',
  'stop',
  'look-again',
] as const satisfies readonly QueueName[];

/** Retries go on for about a day: a database or a server may be away for a night. */
const retry = { retryLimit: 40, retryDelay: 2, retryBackoff: true, expireInSeconds: 23 * 60 * 60 };
/** Polling is only the safety net: commits wake the workers. */
const pollEveryMs = 1_000;
/** How many waiting jobs one worker takes at a time. */
const takenAtOnce = 25;

/**
 * Durable jobs in the bot's own database, by pg-boss. Its workers are not used: they complete jobs without waiting for it, so that
 * a database that is away then ends the process, and one that is closed is connected to again.
 */
export async function createQueue(database: SqlDatabase, log: Log): Promise<Queue> {
  const boss = createBoss(database.executeSql);
  const noteError = (error: unknown) => {
    // Whoever owns the database logs that, once.
    if (error instanceof RestageError && error.code === 'database-unavailable') return;
    log.warn({ error: String(error) }, 'queue: a job failed, will try again');
  };
  boss.on('error', noteError);
  try {
    await boss.start();
    await database.transaction(({ executeSql }) => makeQueues(executeSql));
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
  const workers = new Map<QueueName, Worker>();

  return {
    async enqueue(jobs, inTransaction) {
      await boss.insert(jobs.map(toInsert), {
        db: { executeSql: inTransaction as PgBoss.Db['executeSql'] },
      });
    },
    wake(queues) {
      for (const name of queues) workers.get(name)?.wake();
    },
    async start(handlers) {
      for (const name of queueNames) {
        const handle = handlers[name] as (job: Job) => Promise<void>;
        const work = () =>
          takeJobs(boss, name, handle).catch((error: unknown) => {
            noteError(error);
            return false;
          });
        workers.set(name, startWorker(work, pollEveryMs));
      }
    },
    async stop() {
      await Promise.all([...workers.values()].map((worker) => worker.stop()));
      await boss.stop({ graceful: false });
    },
  };
}

function createBoss(executeSql: ExecuteSql): PgBoss {
  const db = { executeSql: executeSql as PgBoss.Db['executeSql'] };
  return new PgBoss({ db, schema: 'pgboss', schedule: false });
}

/** Handles the jobs that wait; true: there may be more. One that is not completed in the end is done again by the sweep. */
async function takeJobs(
  boss: PgBoss,
  name: QueueName,
  handle: (job: Job) => Promise<void>,
): Promise<boolean> {
  const jobs = await boss.fetch<object>(name, { batchSize: takenAtOnce });
  if (jobs.length === 0) return false;
  const ids = jobs.map(({ id }) => id);
  const contents = jobs.map(({ data }) => data);
  const failure = await handleTogether(name, contents, handle);
  if (failure) {
    await boss.fail(name, ids);
    throw failure.reason;
  }
  await boss.complete(name, ids);
  return jobs.length === takenAtOnce;
}

/** Any number, as long as nothing else in the database uses it. */
const makingLock = 7_364_004;

/** Of two bots that start at once on a new database, one waits and finds the queues made; side by side they deadlock. */
async function makeQueues(executeSql: ExecuteSql): Promise<void> {
  await executeSql(`select pg_advisory_xact_lock(${makingLock})`);
  const boss = createBoss(executeSql);
  for (const name of queueNames) await boss.createQueue(name);
}

function toInsert(job: Job): PgBoss.JobInsert {
  const { queue: name, ...data } = job;
  return { name, data, ...retry, ...('at' in job && job.at ? { startAfter: job.at } : {}) };
}

/** Handles each distinct job once, side by side; answers the first failure, for which all are to be retried. */
async function handleTogether(
  queue: QueueName,
  jobs: readonly object[],
  handle: (job: Job) => Promise<void>,
): Promise<PromiseRejectedResult | undefined> {
  const distinct = new Map(jobs.map((data) => [JSON.stringify({ ...data, at: null }), data]));
  const results = await Promise.allSettled(
    [...distinct.values()].map((data) => handle({ queue, ...data } as Job)),
  );
  return results.find((result) => result.status === 'rejected');
}
