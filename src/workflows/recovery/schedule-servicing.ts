import type { Tx } from '../../domain/store/store.ts';
import { restageItself } from '../../domain/chat.ts';
import { choosePeriod, describePeriod } from '../../redistribution/choose-period.ts';
import { findLastSlot } from '../../domain/slot.ts';
import type { Deps } from '../deps.ts';
import { beginRedistribution, type NewRedistribution } from '../redistribution/begin-redistribution.ts';

/** What is left of longer ago is for people to look at. */
const oldestFailureMs = 31 * 86_400_000;

/**
 * Services the servers that are due (B4): what failed since the last servicing, and what is left of before, is looked for and
 * proposed; where nothing is left nothing is posted. The database keeps which slot of a server has been taken: however often
 * this is called, by however many bots, each is taken once. A server that somebody redistributes at that time is left to them.
 */
export async function scheduleServicing(deps: Deps, tx: Tx, now: Date): Promise<void> {
  for (const profile of deps.policies.servers.values()) {
    const { servicing } = profile;
    const slot = servicing && findLastSlot(servicing, now);
    if (!slot || !(await tx.takeServicing(profile.name, slot))) continue;
    await tx.lockRedistributions();
    const busy = await tx.redistributionsOf(profile.name, ['gathering', 'proposed', 'approved', 'running']);
    if (busy.length > 0) {
      deps.log.info({ server: profile.name, slot }, 'not serviced: somebody is at it');
      continue;
    }
    await beginRedistribution(deps, tx, {
      server: profile.name,
      recipients: null,
      job: null,
      period: await sinceServicing(tx, profile.name, servicing.timeZone, now),
      timeZone: servicing.timeZone,
      requestedBy: restageItself,
      askedIn: deps.policies.routing.fallbackChannel,
    });
    deps.log.info({ server: profile.name, slot }, 'servicing is due');
  }
}

async function sinceServicing(
  tx: Tx,
  server: string,
  timeZone: string,
  now: Date,
): Promise<NewRedistribution['period']> {
  const servicedUntil = await tx.servicedUntil(server);
  const oldestFailure = await tx.oldestFailure(server, new Date(now.getTime() - oldestFailureMs));
  const facts = { repaired: [], servicedUntil, oldestFailure };
  const period = choosePeriod('since the last servicing', facts, now, timeZone);
  if (!oldestFailure || oldestFailure >= period.from) return period;
  return describePeriod(oldestFailure, now, timeZone, 'what is left since the last servicing, and before');
}
