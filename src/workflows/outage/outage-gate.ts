import type { Outage } from '../../domain/outage.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { decideOutage } from '../../outage/decide-outage.ts';
import { spellTarget } from '../../outage/targets.ts';
import { locateDevice } from '../../outage/whereabouts.ts';
import { scopeOf } from '../../threshold/counter.ts';
import { countAnew } from '../counting/count-again.ts';
import type { Deps } from '../deps.ts';
import type { Voiding } from './find-outages.ts';
import { whileUnderExamination } from '../ticket/under-examination.ts';

/** Part of a candidate's alerts, and the outage that takes them out of the totals. */
interface VoidedPart extends Voiding {
  /** Only those of this device; null: all of them. */
  readonly only: string | null;
}

/**
 * Ends a candidate that is out for maintenance now (A10); its alerts leave the totals, and wait for the outage's end.
 * Where only some of its devices are out, the alerts of the others count anew: they may be enough for a ticket.
 * Most alerts of an outage never get here, for they are set aside as they come: these came before it was known, or just
 * before it began. Answers whether the candidate ended.
 */
export async function endWhereOut(deps: Deps, ticket: TicketRecord): Promise<boolean> {
  let hasEnded = false;
  await whileUnderExamination(deps, ticket.id, async (tx) => {
    hasEnded = false;
    const parts = await findParts(deps, tx, ticket, await outagesNow(deps, tx));
    const [first] = parts ?? [];
    if (!parts || !first) return;
    const reason = `out-for-maintenance: ${spellTarget(first.outage.target)}, ${first.outage.reason}`;
    await tx.changeTicket(ticket.id, { state: 'voided', reason });
    for (const { outage, device, only } of parts) await tx.voidAlerts(ticket.id, outage.id, device, only);
    await countAnew(deps, tx, await tx.alertsLeft(ticket.id));
    hasEnded = true;
  });
  if (hasEnded)
    deps.log.info({ ticket: ticket.id, subject: ticket.subject }, 'out for maintenance; no ticket');
  return hasEnded;
}

/** Which of these candidates, or parts of them, are out for maintenance now: they are to be ended. */
export async function findOut(
  deps: Deps,
  tx: Tx,
  tickets: readonly TicketRecord[],
): Promise<ReadonlySet<number>> {
  const outages = await outagesNow(deps, tx);
  const out = new Set<number>();
  if (outages.length === 0) return out;
  for (const ticket of tickets) if (await findParts(deps, tx, ticket, outages)) out.add(ticket.id);
  return out;
}

async function outagesNow({ clock }: Deps, tx: Tx): Promise<readonly Outage[]> {
  const now = clock.now();
  return tx.outagesDuring(now, now);
}

/**
 * A ticket about a device is out when that one is, one about a server too. Of one about more than a device those devices
 * are that alerted and are out. null: none is.
 */
async function findParts(
  deps: Deps,
  tx: Tx,
  ticket: TicketRecord,
  outages: readonly Outage[],
): Promise<readonly VoidedPart[] | null> {
  const now = deps.clock.now();
  const find = (device: string): Voiding | null => {
    const said = { region: ticket.region, building: ticket.saidBuilding };
    const place = locateDevice(device, deps.inventory, said);
    const { outage } = decideOutage(outages, place, now);
    return outage && { outage, device: place.name };
  };
  const own = find(ticket.device);
  const scope = scopeOf(ticket.counter);
  if (own && (scope === 'device' || scope === 'server')) return [{ ...own, only: null }];
  if (scope === 'device') return null;
  const parts = (await tx.alertingDevices(ticket.id)).flatMap((device) => {
    const voiding = find(device);
    return voiding ? [{ ...voiding, only: device }] : [];
  });
  return parts.length > 0 ? parts : null;
}
