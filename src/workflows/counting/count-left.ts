import { groupBy } from '../../domain/group-by.ts';
import type { NewCandidate } from '../../domain/store/counting.ts';
import type { StoredAlert } from '../../domain/store/outages.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { type JudgedSymptom, symptomKey, symptomOf } from '../../domain/symptom.ts';
import { partsOf, readTopology } from '../../threshold/children.ts';
import { levelOf, subjectOf } from '../../threshold/counter.ts';
import { rootNeedOf } from '../../threshold/need.ts';
import { stillExplains } from '../../threshold/still-explains.ts';
import type { Deps } from '../deps.ts';
import { countAnew } from './count-again.ts';
import { type CountedAlert, countersOf, findOwner, lookUpAlert } from './counted-alert.ts';
import { readRules } from './thresholds-in-force.ts';

/** What fails still of a ticket whose explanation does not hold any more. */
export interface Left {
  readonly alerts: readonly StoredAlert[];
  readonly devices: number;
}

/**
 * Finds what is left of a ticket whose explanation has lost its own evidence: some of its symptoms are over, and those
 * that fail do not make its problem any more. `null` if it still holds.
 */
export async function findLeft(
  deps: Deps,
  tx: Tx,
  ticket: TicketRecord,
  symptoms: readonly JudgedSymptom[],
): Promise<Left | null> {
  const level = levelOf(ticket.counter);
  const failing = symptoms.filter(({ state }) => state === 'failing');
  if (level === 'device' || failing.length === 0 || failing.length === symptoms.length) return null;
  const keys = new Set(failing.map(symptomKey));
  const alerts = (await tx.alertsLeft(ticket.id)).filter((alert) => keys.has(symptomKey(symptomOf(alert))));
  const devices = new Set(alerts.map(({ deviceName }) => deviceName)).size;
  const { rootCause } = deps.policies;
  const needed = rootCause && rootNeedOf(rootCause, subjectOf(ticket.counter), deps.inventory).count;
  const parts = countParts(deps, ticket.counter, alerts);
  if (stillExplains(level, { devices, parts, needed }).holds) return null;
  const rules = await readRules(deps, tx);
  const hasOwnCounter = alerts.every(
    (alert) => levelOf(lookUpAlert(deps, rules, alert, alert).counter) === 'device',
  );
  return hasOwnCounter ? { alerts, devices } : null;
}

function countParts({ inventory }: Deps, counter: string, alerts: readonly StoredAlert[]): number {
  const level = levelOf(counter);
  const scope = level === 'root' || level === 'root-of-package' ? 'server' : level;
  const partOf = partsOf(scope, subjectOf(counter), readTopology(inventory));
  const origins = alerts.map(({ deviceName, inRegion, distributionServer }) =>
    partOf({ device: deviceName, region: inRegion, distributionServer }),
  );
  return new Set(origins).size;
}

/**
 * Counts what is left of a ticket that has ended anew. What meets no threshold gets a ticket at its device all the same:
 * people have seen it fail, and nothing shows that it is over.
 */
export async function countLeft(deps: Deps, tx: Tx, ticketId: number, { alerts }: Left): Promise<void> {
  await countAnew(deps, tx, alerts);
  await tx.recount(ticketId);
  const rules = await readRules(deps, tx);
  const counted = alerts.map((alert) => lookUpAlert(deps, rules, alert, alert));
  const live = await tx.liveTickets([...new Set(counted.flatMap(countersOf))]);
  const without = counted.filter((alert) => findOwner(alert, live) === null);
  const byCounter = [...groupBy(without, ({ counter }) => counter)].filter(([counter]) => !live.has(counter));
  if (byCounter.length === 0) return;
  const candidates = byCounter.map(([counter, group]) => toCandidate(counter, group));
  const ids = await tx.createCandidates(candidates);
  await tx.claimCounted(
    candidates.map(({ counter, countsFrom }, index) => ({
      ...{ ticketId: ids[index] ?? 0, counter, from: countsFrom },
      ...{ state: 'held' as const, reason: 'left-of-another-ticket' },
    })),
  );
  for (const id of ids) await tx.enqueue({ queue: 'evaluate', ticketId: id });
}

function toCandidate(counter: string, alerts: readonly CountedAlert[]): NewCandidate {
  const sorted = alerts.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) throw new RangeError(`no alerts for ${counter}`);
  return {
    ...{ counter, failure: last.failure, subject: subjectOf(counter), device: last.device },
    ...{ region: last.region, announced: last.announced, saidBuilding: last.building, saidRoom: last.room },
    ...{ saidAddress: last.address ?? null, at: last.at, countsFrom: first.at, upstream: null, lookAt: null },
  };
}
