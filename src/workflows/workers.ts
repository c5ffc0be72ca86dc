import { RestageError } from '../domain/errors.ts';
import type { Job } from '../domain/store/jobs.ts';
import { deliverChannel } from './deliver.ts';
import type { Deps } from './deps.ts';
import { evaluateTicket } from './evaluate.ts';
import { gather } from './gather.ts';
import { runRedistribution } from './run-redistribution.ts';
import { createSingleFlight } from './single-flight.ts';
import { sweep } from './sweep.ts';

/** What the workers need of the queue: to be told what to do. */
interface JobSource {
  start(
    handlers: {
      readonly [Name in Job['queue']]: (job: Extract<Job, { queue: Name }>) => Promise<void>;
    },
  ): Promise<void>;
}

export interface Workers {
  start(queue: JobSource): Promise<void>;
  /** Starts nothing new; commands that run on servers go on there and are attached to at the next start. */
  stop(): Promise<void>;
}

const sweepEveryMs = 15_000;

/**
 * Does the jobs. A job only says where to look: its work is loaded from the database, which is the truth, so
 * a job that comes twice does nothing twice, and one that got lost is found by the sweep.
 */
export function createWorkers(deps: Deps): Workers {
  const stopping = new AbortController();
  const flights = createSingleFlight((key, error) => {
    if (stopping.signal.aborted) return;
    const code = error instanceof RestageError ? error.code : null;
    deps.log.warn({ key, code, error: describe(error) }, 'work failed; it is taken up again');
  });
  let timer: NodeJS.Timeout | null = null;

  const begin = (job: Job): void => {
    switch (job.queue) {
      case 'evaluate':
        return flights.start(`evaluate ${job.ticketId}`, () => evaluateTicket(deps, job.ticketId));
      case 'deliver':
        return flights.start(`deliver ${job.channel}`, () => deliverChannel(deps, job.channel));
      case 'gather':
        return flights.start(`gather ${job.redistributionId}`, () => gather(deps, job.redistributionId));
      case 'run':
        return flights.start(`run ${job.redistributionId}`, () =>
          runRedistribution(deps, job.redistributionId, stopping.signal),
        );
    }
  };
  const take = async (job: Job) => begin(job);
  const sweepOnce = async () => {
    for (const job of await sweep(deps)) begin(job);
  };

  return {
    async start(queue) {
      await sweepOnce();
      await queue.start({ evaluate: take, deliver: take, gather: take, run: take });
      timer = setInterval(() => flights.start('sweep', sweepOnce), sweepEveryMs);
    },
    async stop() {
      if (timer) clearInterval(timer);
      stopping.abort();
      await flights.drain();
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
