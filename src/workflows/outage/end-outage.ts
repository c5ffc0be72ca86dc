import { judgeEvidence } from '../../diagnosis/judge-evidence.ts';
import { policyFor } from '../../diagnosis/decide-diagnosis.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { groupBy } from '../../domain/group-by.ts';
import { createLimit } from '../../domain/limit.ts';
import type { Outage } from '../../domain/outage.ts';
import type { StoredAlert } from '../../domain/store/outages.ts';
import type { Tx } from '../../domain/store/store.ts';
import { decideOutage } from '../../outage/decide-outage.ts';
import { decideTakeUp } from '../../outage/decide-take-up.ts';
import { locateDevice } from '../../outage/whereabouts.ts';
import { countAgain } from '../counting/count-again.ts';
import type { Deps } from '../deps.ts';
import { gatherEvidence } from '../ticket/gather-evidence.ts';

const unsaid = { region: null, building: null };

/**
 * Follows up the end of an outage (A10): each device that alerted within it is diagnosed again; where it is not well
 * its alerts count anew. What becomes of a device's alerts is decided and stored in one transaction, and only while they
 * wait for it: two bots, a restart or a second call change nothing more.
 */
export async function endOutage(
  deps: Deps,
  outageId: number,
  takePlace = createLimit(deps.policies.diagnosis.atOnce),
): Promise<void> {
  for (;;) {
    const devices = await listWaiting(deps, outageId);
    if (devices.length === 0) return;
    await Promise.all(devices.map((device) => takePlace(() => takeUp(deps, outageId, device))));
  }
}

/** The devices to take up; when there are none the outage is done with, in the same transaction. */
async function listWaiting(deps: Deps, outageId: number): Promise<readonly string[]> {
  const now = deps.clock.now();
  return deps.store.transaction(async (tx) => {
    // Alerts are voided under this lock: none can slip in between.
    await tx.lockCounting();
    const outage = await tx.outage(outageId);
    if (!outage || !isToEnd(outage, now)) return [];
    const devices = await tx.devicesWaiting(outageId);
    if (devices.length === 0) await tx.changeOutage(outageId, { endedHandledAt: now });
    return devices;
  });
}

function isToEnd(outage: Outage, now: Date): boolean {
  return outage.endedHandledAt === null && outage.until <= now;
}

async function takeUp(deps: Deps, outageId: number, device: string): Promise<void> {
  const diagnosis = judgeEvidence(await gatherEvidence(deps, device, deps.inventory.find(device)));
  const now = deps.clock.now();
  await deps.store.transaction(async (tx) => {
    await tx.lockCounting();
    const outage = await tx.outage(outageId);
    if (!outage || !isToEnd(outage, now)) return;
    const later = await findLaterOutage(deps, tx, device, now);
    if (later) await tx.waitLonger(outageId, device, later.id);
    else await settle(deps, tx, outage, await tx.alertsWaiting(outageId, device), diagnosis);
  });
}

/** The device may be out for another reason too: then its alerts wait for that one's end. */
async function findLaterOutage(deps: Deps, tx: Tx, device: string, now: Date): Promise<Outage | null> {
  const place = locateDevice(device, deps.inventory, unsaid);
  return decideOutage(await tx.outagesDuring(now, now), place, now).outage;
}

async function settle(
  deps: Deps,
  tx: Tx,
  outage: Outage,
  alerts: readonly StoredAlert[],
  diagnosis: Diagnosis,
): Promise<void> {
  for (const [failure, group] of groupBy(alerts, (alert) => alert.failure)) {
    const { action, reason } = decideTakeUp(diagnosis, policyFor(failure, deps.policies.diagnosis));
    if (action === 'count-anew') await countAgain(deps, tx, outage, group);
    else
      await tx.leaveVoided(
        group.map(({ id }) => id),
        reason,
      );
    const [first] = group;
    deps.log.info(
      { outage: outage.id, device: first?.outageDevice, failure, alerts: group.length, reason },
      'outage is over; its alerts are decided',
    );
  }
}
