import type { AlertFields } from '../../domain/alert.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { GateResult } from '../../domain/gate.ts';
import { passed, stopped } from '../../domain/gate.ts';
import { decideOutage } from '../../outage/decide-outage.ts';
import { spellTarget } from '../../outage/targets.ts';
import { locateDevice } from '../../outage/whereabouts.ts';
import type { InspectionDeps } from '../deps.ts';

/**
 * The outage gate of an alert (A10): out of the totals where its device was out when it happened; no ticket where what
 * the ticket would be about is out now.
 */
export async function explainOutage(
  deps: Pick<InspectionDeps, 'inventory' | 'clock'>,
  tx: Tx,
  alert: Pick<AlertFields, 'device' | 'recipient' | 'region' | 'building' | 'at'>,
  target: string,
): Promise<GateResult> {
  const now = deps.clock.now();
  const [from, until] = alert.at < now ? [alert.at, now] : [now, alert.at];
  const outages = await tx.outagesDuring(from, until);
  const looks = [
    { device: alert.device, at: alert.at, when: alert.at < now ? 'when-it-happened' : 'now' },
    ...(alert.recipient === null
      ? []
      : [{ device: alert.recipient, at: alert.at, when: 'when-it-happened' }]),
    { device: target, at: now, when: 'now' },
  ].map(({ device, at, when }) => ({
    device,
    when,
    decision: decideOutage(outages, locateDevice(device, deps.inventory, alert), at),
  }));
  const out = looks.find(({ decision }) => decision.out);
  const outage = out?.decision.outage;
  if (!out || !outage) return passed('outage', 'no-outage', { device: target, until: null });
  return stopped('outage', out.decision.reason, {
    device: out.device,
    when: out.when,
    outage: spellTarget(outage.target),
    because: outage.reason,
    source: outage.source,
    until: outage.until.toISOString(),
  });
}
