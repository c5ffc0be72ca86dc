import type { Job } from '../domain/store/jobs.ts';
import { deliverChannel } from '../workflows/delivery/deliver.ts';
import { endOutage } from '../workflows/outage/end-outage.ts';
import { stepPage } from '../workflows/paging/page-step.ts';
import { watchRecoveries } from '../workflows/recovery/watch-recoveries.ts';
import { sweep } from '../workflows/sweep.ts';
import { attendTicket } from '../workflows/ticket/attend.ts';
import { createEvaluation } from '../workflows/ticket/evaluate.ts';
import type { MonthBot } from './bot.ts';
import { tryAgain } from './try-again.ts';

/** Does all jobs that are due now, and those that they bring, in the order in which they are due. */
export async function workOff({ deps, jobs }: MonthBot): Promise<void> {
  const evaluate = createEvaluation(deps);
  for (;;) {
    const now = deps.clock.now();
    const next = nextDue(jobs);
    const job = next !== null && dueAt(next) <= now ? next : null;
    if (job === null) return;
    const key = keyOf(job);
    const same = jobs.filter((one) => keyOf(one) === key && dueAt(one) <= now);
    for (const one of same) jobs.splice(jobs.indexOf(one), 1);
    await tryAgain(() => doJob({ deps }, job, evaluate));
  }
}

/** Has done what the bot's own sweep finds, as it does several times a minute. */
export async function sweepOnce(bot: MonthBot): Promise<void> {
  bot.jobs.push(...(await tryAgain(() => sweep(bot.deps))));
  await workOff(bot);
}

/** When the next job is due; `null` if there is none. */
export function nextDueAt(jobs: readonly Job[]): Date | null {
  const next = nextDue(jobs);
  return next && dueAt(next);
}

function nextDue(jobs: readonly Job[]): Job | null {
  return jobs.reduce<Job | null>((first, job) => (first && dueAt(first) <= dueAt(job) ? first : job), null);
}

function dueAt(job: Job): Date {
  return ('at' in job ? job.at : undefined) ?? new Date(0);
}

function keyOf(job: Job): string {
  return JSON.stringify({ ...job, at: undefined });
}

async function doJob(
  { deps }: Pick<MonthBot, 'deps'>,
  job: Job,
  evaluate: ReturnType<typeof createEvaluation>,
): Promise<void> {
  switch (job.queue) {
    case 'evaluate':
      return evaluate(job.ticketId);
    case 'attend':
      return attendTicket(deps, job.ticketId);
    case 'deliver':
      return deliverChannel(deps, job.channel);
    case 'outage-end':
      return endOutage(deps, job.outageId);
    case 'page':
      return stepPage(deps, job.ticketId);
    case 'watch':
      return watchRecoveries(deps);
    // A month watches no intakes, reads no logs and runs nothing on servers.
    default:
      return;
  }
}
