import type { Job } from '../domain/store/jobs.ts';
import type { Tx } from '../domain/store/store.ts';
import type { Deps } from './deps.ts';
import { postAuditHead } from './audit-export.ts';
import { longestWaits } from './longest-waits.ts';
import { longestWaitMs } from './redistribution/look-schedule.ts';
import { wantRedistributionMessage } from './redistribution/redistribution-message.ts';
import { codeSpan } from '../messages/escape.ts';
import { tellRequester } from './redistribution/tell-requester.ts';
import { scheduleServicing } from './recovery/schedule-servicing.ts';
import { scheduleReports } from './report/schedule-reports.ts';
import { scheduleHandovers } from './handover/post-handover.ts';
import { oldestCounted } from './counting/oldest-counted.ts';
import { readRules } from './counting/thresholds-in-force.ts';

/** So that a sweep stays short; at four sweeps a minute it is millions a day. */
const sourcesDroppedAtOnce = 500;
/** A message that was given up because of Slack is tried once in this time. */
const givenUpRestsMs = 300_000;
/** Slack delivers a thing again within minutes. */
const eventsKeptMs = 24 * 60 * 60_000;

/**
 * Takes up whatever waits, at start and as a safety net behind the queue: work of a bot that died, jobs whose
 * tries are used up. Also ends what has become too old. Answers the jobs to do now.
 */
export async function sweep(deps: Deps): Promise<readonly Job[]> {
  const now = deps.clock.now();
  return deps.store.transaction(async (tx) => {
    await expireOldAlerts(deps, tx, now);
    await tx.dropSources(new Date(now.getTime() - deps.policies.intake.keepMailMs), sourcesDroppedAtOnce);
    await tx.forgetEvents(new Date(now.getTime() - eventsKeptMs));
    await scheduleReports(deps, tx, now);
    await scheduleHandovers(deps, tx, now);
    await postAuditHead(deps, tx, now);
    await scheduleServicing(deps, tx, now);
    const { policies } = deps;
    const longestPage = { stepMs: longestWaits.pageStep(policies), quietMs: longestWaits.quietHours };
    const longestCare = { snoozeMs: longestWaits.snooze, checkMs: longestWaits.check(policies) };
    const jobs: Job[] = [{ queue: 'heartbeat' }, { queue: 'watch' }, { queue: 'log-watch' }];
    for (const record of await tx.redistributionsOf(null, ['proposed'])) {
      if (record.expiresAt && record.expiresAt <= now) {
        if (await tx.changeRedistribution(record.id, ['proposed'], { state: 'expired' })) {
          await wantRedistributionMessage(deps, tx, record);
          const words = `Expired on ${codeSpan(record.server)} without a decision: nothing was run.`;
          await tellRequester(deps, tx, record, 'expired', words);
        }
      }
    }
    for (const ticketId of await tx.ticketsToExamine(now, longestWaits.look(policies)))
      jobs.push({ queue: 'evaluate', ticketId });
    for (const ticketId of await tx.promotedWithoutDiagnosis()) jobs.push({ queue: 'evaluate', ticketId });
    for (const ticketId of await tx.ticketsWithDuePages(now, longestPage))
      jobs.push({ queue: 'page', ticketId });
    for (const ticketId of await tx.ticketsToAttend(now, longestCare))
      jobs.push({ queue: 'attend', ticketId });
    for (const outageId of await tx.outagesToEnd(now)) jobs.push({ queue: 'outage-end', outageId });
    const givenUpBefore = new Date(now.getTime() - givenUpRestsMs);
    await tx.retryGivenUp(null, givenUpBefore, deps.policies.delivery.scheduleMs.length - 1);
    for (const channel of await tx.channelsWithWork()) jobs.push({ queue: 'deliver', channel });
    for (const { id } of await tx.redistributionsOf(null, ['gathering'])) {
      jobs.push({ queue: 'gather', redistributionId: id });
    }
    for (const { redistributionId } of await tx.openDryRuns(null)) {
      jobs.push({ queue: 'dry-run', redistributionId });
    }
    for (const { id, stoppedBy } of await tx.redistributionsOf(null, ['approved', 'running'])) {
      if (stoppedBy) jobs.push({ queue: 'stop', redistributionId: id });
      jobs.push({ queue: 'run', redistributionId: id });
    }
    for (const redistributionId of await tx.redistributionsToLookAfter(now, longestWaitMs)) {
      jobs.push({ queue: 'look-again', redistributionId });
    }
    return jobs;
  });
}

async function expireOldAlerts(deps: Deps, tx: Tx, now: Date): Promise<void> {
  await tx.expireAlerts(oldestCounted(deps, await readRules(deps, tx), now));
}
