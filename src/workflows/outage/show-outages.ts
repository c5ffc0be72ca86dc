import type { ChatMessage } from '../../domain/chat.ts';
import type { Outage } from '../../domain/outage.ts';
import type { VoidedCount } from '../../domain/store/outages.ts';
import type { OutageView } from '../../messages/outages.ts';
import { renderOutages } from '../../messages/outages.ts';
import { spellTarget } from '../../outage/targets.ts';
import type { Deps } from '../deps.ts';

export const outagesUsage = '`/restage outages` lists what is out for maintenance now and what is coming.';

const dayMs = 86_400_000;
const aheadMs = 60 * dayMs;

/** `/restage outages`: current and coming ones, those that ended since yesterday, and sources that are broken. */
export async function showOutages(deps: Deps): Promise<ChatMessage> {
  const now = deps.clock.now();
  const { outages, voided, sources } = await deps.store.transaction(async (tx) => {
    const near = await tx.outagesDuring(new Date(now.getTime() - dayMs), new Date(now.getTime() + aheadMs));
    const lasting = near.filter(({ from, until }) => until > from);
    return {
      outages: lasting,
      voided: await tx.voidedBy(lasting.map(({ id }) => id)),
      sources: await tx.sources(),
    };
  });
  const views = outages.map((outage) => toView(outage, voided));
  const overview = {
    current: views.filter(({ from, until }) => from <= now && until > now),
    coming: views.filter(({ from }) => from > now),
    over: views.filter(({ until }) => until <= now).toReversed(),
    broken: sources.filter(({ fault }) => fault !== null),
  };
  return renderOutages(overview, deps.policies.timeZone);
}

function toView(outage: Outage, voided: ReadonlyMap<number, VoidedCount>): OutageView {
  return { ...outage, target: spellTarget(outage.target), voided: voided.get(outage.id) ?? null };
}
