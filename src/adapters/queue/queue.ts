import PgBoss from 'pg-boss';
import type { Log } from '../../domain/log.ts';
import type { Job } from '../../domain/store/jobs.ts';

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
  stop(): Promise<void>;
}

const queueNames = [
  'evaluate',
  'deliver',
  'page',
  'heartbeat',
  'attend',
  'watch',
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
const pollEverySeconds = 1;
/** How many waiting jobs one worker takes at a time. */
const takenAtOnce = 20;

/** Durable jobs in the bot's own database, by pg-boss. */
export async function createQueue(database: SqlDatabase, log: Log): Promise<Queue> {
  const boss = createBoss(database.executeSql);
  boss.on('error', (error) => log.warn({ error: error.message }, 'queue: database error, will poll again'));
  await boss.start();
  await database.transaction(({ executeSql }) => makeQueues(executeSql));
  const workers = new Map<QueueName, string>();
  const underWay = new Set<Promise<void>>();

  return {
    async enqueue(jobs, inTransaction) {
      await boss.insert(jobs.map(toInsert), {
        db: { executeSql: inTransaction as PgBoss.Db['executeSql'] },
      });
    },
    wake(queues) {
      for (const name of queues) {
        const worker = workers.get(name);
        if (worker) boss.notifyWorker(worker);
      }
    },
    async start(handlers) {
      for (const name of queueNames) {
        const handle = handlers[name] as (job: Job) => Promise<void>;
        const options = { batchSize: takenAtOnce, pollingIntervalSeconds: pollEverySeconds };
        const worker = await boss.work<object>(name, options, async (jobs) => {
          const work = handleTogether(
            name,
            jobs.map((job) => job.data),
            handle,
          );
          underWay.add(work);
          await work.finally(() => underWay.delete(work));
        });
        workers.set(name, worker);
      }
    },
    async stop() {
      await boss.stop({ graceful: true, wait: true, timeout: 10_000 });
      await Promise.allSettled(underWay);
    },
  };
}

function createBoss(executeSql: ExecuteSql): PgBoss {
  return new PgBoss({ db: { executeSql: executeSql as PgBoss.Db['executeSql'] }, schema: 'pgboss' });
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

/** Handles each distinct job once, side by side; rejects (so that all are retried) when one of them rejects. */
async function handleTogether(
  queue: QueueName,
  jobs: readonly object[],
  handle: (job: Job) => Promise<void>,
): Promise<void> {
  const distinct = new Map(jobs.map((data) => [JSON.stringify({ ...data, at: null }), data]));
  const results = await Promise.allSettled(
    [...distinct.values()].map((data) => handle({ queue, ...data } as Job)),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
