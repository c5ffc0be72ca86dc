import { RestageError } from '../domain/errors.ts';
import { createLimit } from '../domain/limit.ts';
import type { Job } from '../domain/store/jobs.ts';
import { attendTicket } from './ticket/attend.ts';
import { deliverChannel } from './delivery/deliver.ts';
import type { Deps } from './deps.ts';
import { endOutage } from './outage/end-outage.ts';
import { createEvaluation } from './ticket/evaluate.ts';
import { tryCommands } from './redistribution/dry-run.ts';
import { gather } from './redistribution/gather.ts';
import { watchLogs } from './recovery/watch-logs.ts';
import { watchRecoveries } from './recovery/watch-recoveries.ts';
import { stepPage } from './paging/page-step.ts';
import { lookAgain } from './redistribution/look-again.ts';
import { runRedistribution } from './redistribution/run-redistribution.ts';
import { stopRedistribution } from './redistribution/stop-redistribution.ts';
import { createSingleFlight } from './single-flight.ts';
import { sweep } from './sweep.ts';
import { watchIntakes } from './intake/watch-intakes.ts';

/** What the workers need of the queue: to be told what to do. */
interface JobSource {
  start(
    handlers: {
      readonly [Name in Job['queue']]: (job: Extract<Job, { queue: Name }>) => Promise<void>;
    },
  ): Promise<void>;
}

export interface Workers {
  /** Takes up whatever is due by the clock now; resolves once it has been begun. */
  takeUp(): Promise<void>;
  start(queue: JobSource): Promise<void>;
  /** Starts nothing new; commands that run on servers go on there and are attached to at the next start. */
  stop(): Promise<void>;
}

const sweepEveryMs = 15_000;
/** Between two looks at what is to be sent in a channel, of which Slack takes one message a second. */
const betweenRoundsMs = 200;

/**
 * Does the jobs. A job only says where to look: its work is loaded from the database, which is the truth, so
 * a job that comes twice does nothing twice, and one that got lost is found by the sweep.
 */
export function createWorkers(deps: Deps): Workers {
  const stopping = new AbortController();
  const startedAt = deps.clock.now();
  const flights = createSingleFlight((key, error) => {
    if (stopping.signal.aborted) return;
    const code = error instanceof RestageError ? error.code : null;
    // The store's own log tells that, once.
    if (code === 'database-unavailable') return;
    deps.log.warn({ key, code, error: describe(error) }, 'work failed; it is taken up again');
  });
  // A failed network makes hundreds of candidates at once; their probes must not become a flood.
  const takePlace = createLimit(deps.policies.diagnosis.atOnce);
  let timer: NodeJS.Timeout | null = null;

  const evaluate = createEvaluation(deps);
  const surroundings = { takePlace, evaluate, startedAt, signal: stopping.signal };
  const begin = (job: Job): void => flights.start(keyOf(job), () => doJob(deps, job, surroundings));
  const take = async (job: Job) => begin(job);
  const sweepOnce = async () => {
    for (const job of await sweep(deps)) begin(job);
  };

  return {
    takeUp: sweepOnce,
    async start(queue) {
      await sweepOnce();
      await queue.start({
        evaluate: take,
        deliver: take,
        page: take,
        heartbeat: take,
        attend: take,
        watch: take,
        'log-watch': take,
        'outage-end': take,
        gather: take,
        'dry-run': take,
        run: take,
        stop: take,
        'look-again': take,
      });
      timer = setInterval(() => {
        // Before the sweep, which waits for the same locks as what may be stuck.
        begin({ queue: 'heartbeat' });
        flights.start('sweep', sweepOnce);
      }, sweepEveryMs);
    },
    async stop() {
      if (timer) clearInterval(timer);
      stopping.abort();
      await flights.drain();
    },
  };
}

interface Surroundings {
  readonly takePlace: ReturnType<typeof createLimit>;
  readonly evaluate: ReturnType<typeof createEvaluation>;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
}

/** Jobs with the same key are one piece of work; when it is due makes no difference. */
function keyOf(job: Job): string {
  return JSON.stringify({ ...job, at: undefined });
}

function doJob(
  deps: Deps,
  job: Job,
  { takePlace, evaluate, startedAt, signal }: Surroundings,
): Promise<void> {
  switch (job.queue) {
    case 'evaluate':
      return takePlace(() => evaluate(job.ticketId));
    case 'deliver':
      return deliverAndRest(deps, job.channel);
    case 'heartbeat':
      return watchIntakes(deps, startedAt);
    case 'page':
      return stepPage(deps, job.ticketId);
    case 'attend':
      return takePlace(() => attendTicket(deps, job.ticketId));
    case 'watch':
      return watchRecoveries(deps, takePlace);
    case 'log-watch':
      return watchLogs(deps, takePlace);
    case 'outage-end':
      return endOutage(deps, job.outageId, takePlace);
    case 'gather':
      return gather(deps, job.redistributionId);
    case 'dry-run':
      return tryCommands(deps, job.redistributionId, signal);
    case 'run':
      return runRedistribution(deps, job.redistributionId, signal);
    case 'stop':
      return stopRedistribution(deps, job.redistributionId);
    case 'look-again':
      return lookAgain(deps, job.redistributionId, signal);
  }
}

/** Each further message that is wanted meanwhile joins the next round, instead of having one of its own. */
async function deliverAndRest(deps: Deps, channel: string): Promise<void> {
  await deliverChannel(deps, channel);
  await new Promise((resolve) => {
    setTimeout(resolve, betweenRoundsMs);
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
