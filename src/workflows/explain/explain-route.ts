import type { AlertFields } from '../../domain/alert.ts';
import type { Device } from '../../domain/device.ts';
import { passed, type GateResult } from '../../domain/gate.ts';
import type { VerifiedLocation } from '../../domain/ticket.ts';
import { routeTicket } from '../../ticket/route.ts';
import { nextSlot } from '../../ticket/schedule.ts';
import type { InspectionDeps } from '../deps.ts';

/** Where a ticket for this alert would go, by which rule or building, and when (A14-A16). */
export function explainRoute(
  { policies, clock }: Pick<InspectionDeps, 'policies' | 'clock'>,
  alert: AlertFields,
  device: Device | null,
  location: VerifiedLocation,
): GateResult {
  const route = routeTicket(
    {
      ...location,
      region: device?.region ?? alert.region,
      failure: alert.failure,
      packages: alert.package === null ? [] : [alert.package],
      servers: alert.distributionServer === null ? [] : [alert.distributionServer],
    },
    policies.routing,
  );
  return passed('route', route.reason, {
    channel: route.channel,
    rule: route.rule,
    building: route.queue?.building ?? null,
    hold: route.holdReason,
    postAt: route.hold && nextSlot(route.hold, clock.now()).toISOString(),
  });
}
