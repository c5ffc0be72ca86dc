import type { Device } from '../../domain/device.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import type { VerifiedLocation } from '../../domain/ticket.ts';
import { isAboutDevice } from '../../threshold/counter.ts';
import { verifyLocation } from '../../ticket/location.ts';
import { routeTicket, type TicketRoute } from '../../ticket/route.ts';
import type { Deps } from '../deps.ts';

interface PlacedTicket {
  /** Left out: nothing is known of it. */
  readonly location?: VerifiedLocation;
  readonly region: string | null;
  readonly route: TicketRoute;
}

/** Where the device is, and who looks after it there; of what is about more than a device only its building is known. */
export function placeTicket(
  deps: Pick<Deps, 'policies'>,
  ticket: TicketRecord,
  device: Device | null,
): PlacedTicket {
  if (!isAboutDevice(ticket.counter)) return placeScope(deps, ticket);
  const { saidBuilding: building, saidRoom: room, saidAddress: address } = ticket;
  const location = verifyLocation({ building, room, address }, device);
  const region = device?.region ?? ticket.region;
  return { location, region, route: routeTicket({ ...ticket, ...location, region }, deps.policies.routing) };
}

function placeScope(deps: Pick<Deps, 'policies'>, ticket: TicketRecord): PlacedTicket {
  const { saidBuilding: building, region } = ticket;
  const nowhere = { site: null, building, room: null };
  const route = routeTicket({ ...ticket, ...nowhere, region }, deps.policies.routing);
  if (building === null) return { region, route };
  return { location: { ...nowhere, known: true, corrections: [] }, region, route };
}
