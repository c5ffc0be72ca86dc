import type { AlertFields } from '../../domain/alert.ts';
import type { Outage } from '../../domain/outage.ts';
import type { Tx } from '../../domain/store/store.ts';
import { decideOutage } from '../../outage/decide-outage.ts';
import type { Whereabouts } from '../../outage/whereabouts.ts';
import { isCovered, locateDevice } from '../../outage/whereabouts.ts';
import type { InspectionDeps } from '../deps.ts';

/** The outage that takes an alert out of the totals, and the device that is out. */
export interface Voiding {
  readonly outage: Outage;
  readonly device: string;
}

type Placed = Pick<AlertFields, 'device' | 'recipient' | 'region' | 'building' | 'at'>;
type FindDeps = Pick<InspectionDeps, 'inventory' | 'clock'>;

/**
 * Which alerts happened while their device, or the recipient that got nothing, was out for maintenance (A10). An alert
 * that comes when its outage is over already is looked at like the others: the outage's end is followed up once more.
 */
export async function findOutages<Alert extends Placed>(
  deps: FindDeps,
  tx: Tx,
  alerts: readonly Alert[],
): Promise<ReadonlyMap<Alert, Voiding>> {
  if (alerts.length === 0) return new Map();
  const times = alerts.map(({ at }) => at.getTime());
  const outages = await tx.outagesDuring(new Date(Math.min(...times)), new Date(Math.max(...times)));
  if (outages.length === 0) return new Map();
  const find = createFinder(deps, outages);
  const found = new Map(
    alerts.flatMap((alert) => {
      const voiding = find(alert);
      return voiding ? [[alert, voiding] as const] : [];
    }),
  );
  await followUpAgain(deps, tx, found);
  return found;
}

/** Each device is looked up once, however many alerts name it. */
function createFinder(
  { inventory }: FindDeps,
  outages: readonly Outage[],
): (alert: Placed) => Voiding | null {
  const known = new Map<string, { readonly place: Whereabouts; readonly outages: readonly Outage[] }>();
  const lookUp = (device: string, alert: Placed) => {
    const key = JSON.stringify([device, alert.region, alert.building]);
    const before = known.get(key);
    if (before) return before;
    const place = locateDevice(device, inventory, alert);
    const own = { place, outages: outages.filter(({ target }) => isCovered(place, target)) };
    known.set(key, own);
    return own;
  };
  return (alert) => {
    for (const device of [alert.device, alert.recipient]) {
      if (device === null) continue;
      const own = lookUp(device, alert);
      const { outage } = decideOutage(own.outages, own.place, alert.at);
      if (outage) return { outage, device: own.place.name };
    }
    return null;
  };
}

async function followUpAgain(
  { clock }: FindDeps,
  tx: Tx,
  found: ReadonlyMap<unknown, Voiding>,
): Promise<void> {
  const over = new Map(
    [...found.values()]
      .filter(({ outage }) => outage.until <= clock.now())
      .map(({ outage }) => [outage.id, outage]),
  );
  for (const { id } of over.values()) {
    await tx.changeOutage(id, { endedHandledAt: null });
    await tx.enqueue({ queue: 'outage-end', outageId: id });
  }
}
