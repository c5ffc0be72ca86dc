import type { Job } from '../domain/store/jobs.ts';
import type { Tx } from '../domain/store/store.ts';
import type { Deps } from './deps.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';

/** Mail that is later than this counts at the time of its arrival, so no window reaches further back. */
const latestMailMs = 7 * 24 * 3600 * 1000;

/**
 * Takes up whatever waits, at start and as a safety net behind the queue: work of a bot that died, jobs whose
 * tries are used up. Also ends what has become too old. Answers the jobs to do now.
 */
export async function sweep(deps: Deps): Promise<readonly Job[]> {
  const now = deps.clock.now();
  return deps.store.transaction(async (tx) => {
    await expireOldAlerts(deps, tx, now);
    const jobs: Job[] = [];
    for (const record of await tx.redistributionsOf(null, ['proposed'])) {
      if (record.expiresAt && record.expiresAt <= now) {
        await tx.changeRedistribution(record.id, { state: 'expired' });
        await wantRedistributionMessage(deps, tx, record);
      }
    }
    for (const ticket of await tx.ticketsIn(['candidate', 'held'])) {
      if (!ticket.lookAt || ticket.lookAt <= now) jobs.push({ queue: 'evaluate', ticketId: ticket.id });
    }
    for (const channel of await tx.channelsWithWork()) jobs.push({ queue: 'deliver', channel });
    for (const { id } of await tx.redistributionsOf(null, ['gathering'])) {
      jobs.push({ queue: 'gather', redistributionId: id });
    }
    for (const { id } of await tx.redistributionsOf(null, ['approved', 'running'])) {
      jobs.push({ queue: 'run', redistributionId: id });
    }
    return jobs;
  });
}

async function expireOldAlerts(deps: Deps, tx: Tx, now: Date): Promise<void> {
  const longestWindowMs = Math.max(0, ...deps.policies.thresholds.map((rule) => rule.withinMs));
  await tx.expireAlerts(new Date(now.getTime() - latestMailMs - longestWindowMs));
}
