import type { Tx } from '../../domain/store/store.ts';
import { findLastSlot } from '../../domain/slot.ts';
import type { Deps } from '../deps.ts';
import { parsePeriod } from '../../redistribution/period.ts';
import { postReport } from './report.ts';

/**
 * Posts the reports that are due (A20). The database keeps which slot of which plan has been posted: however often
 * this is called, by however many bots, each is posted once.
 */
export async function scheduleReports(deps: Deps, tx: Tx, now: Date): Promise<void> {
  for (const plan of deps.policies.reports) {
    const slot = findLastSlot(plan, now);
    if (!slot) continue;
    const { id, region, timeZone, channel } = plan;
    // `last week` is the week before the slot, whenever the bot came to it.
    const period = parsePeriod(plan.period, slot, timeZone);
    const record = {
      id: deps.newId(),
      plan: { id, slot },
      region,
      period,
      timeZone,
      channel,
      createdAt: now,
    };
    if (await postReport(deps, tx, record)) deps.log.info({ plan: id, slot }, 'report is due');
  }
}
