import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { renderElsewhere } from '../../messages/scope.ts';
import { isAboutDevice } from '../../threshold/counter.ts';
import type { Deps } from '../deps.ts';
import { scopeOfTicket } from './scope-of-ticket.ts';

/**
 * After the message of a ticket about more than a device: each other region concerned gets one line with a link, in its
 * own channel; those lines are edited once the problem is over, or begins again.
 */
export async function tellElsewhere(deps: Deps, tx: Tx, ticket: TicketRecord): Promise<void> {
  if (ticket.channel === null || isAboutDevice(ticket.counter)) return;
  const over = isOver(ticket);
  const told = ticket.elsewhere ?? { regions: [], over: false };
  const fresh = over ? [] : await listFresh(deps, tx, ticket, told.regions);
  if (fresh.length === 0 && told.over === over) return;
  const now = deps.clock.now();
  for (const { region, channel } of fresh) {
    const subjectId = `${ticket.id} ${region}`;
    const delivery = { id: deps.newId(), kind: 'elsewhere' as const, subjectId, channel };
    await tx.wantDelivery({ ...delivery, parentId: null, body: null }, now);
    await tx.enqueue({ queue: 'deliver', channel });
  }
  if (told.over !== over) await touchLines(deps, tx, ticket.id, told.regions);
  const regions = [...told.regions, ...fresh.map(({ region }) => region)];
  await tx.changeTicket(ticket.id, { elsewhere: { regions, over } });
}

function isOver({ state }: TicketRecord): boolean {
  return state === 'resolved' || state === 'joined';
}

/** Regions that are concerned, have a channel of their own, and were not told yet. */
async function listFresh(
  { policies }: Deps,
  tx: Tx,
  ticket: TicketRecord,
  told: readonly string[],
): Promise<readonly { readonly region: string; readonly channel: string }[]> {
  const origins = await tx.originsOf(ticket.id);
  const concerned = new Set(origins.map(({ region }) => region));
  const channels = new Set([ticket.channel, ...told.map((name) => channelOf(policies, name))]);
  return policies.routing.regions.flatMap(({ name, channel }) => {
    if (!concerned.has(name.toLowerCase()) || channels.has(channel)) return [];
    channels.add(channel);
    return [{ region: name, channel }];
  });
}

function channelOf({ routing }: Deps['policies'], region: string): string | null {
  return routing.regions.find(({ name }) => name === region)?.channel ?? null;
}

async function touchLines(deps: Deps, tx: Tx, ticketId: number, regions: readonly string[]): Promise<void> {
  for (const region of regions) {
    const subjectId = `${ticketId} ${region}`;
    const line = await tx.deliveryOf('elsewhere', subjectId);
    if (!line) continue;
    await tx.touchDelivery('elsewhere', subjectId, deps.clock.now());
    await tx.enqueue({ queue: 'deliver', channel: line.channel });
  }
}

/** The line in another region's channel; null where its ticket is gone, or over before anybody was told. */
export async function renderElsewhereLine(deps: Deps, delivery: Delivery): Promise<ChatMessage | null> {
  const [id = '', ...region] = delivery.subjectId.split(' ');
  const found = await deps.store.transaction(async (tx) => {
    const ticket = await tx.ticket(Number(id));
    const scope = ticket && (await scopeOfTicket(tx, ticket));
    return ticket && scope && { ticket, scope, message: await tx.deliveryOf('ticket', id) };
  });
  if (!found) return null;
  const { ticket, scope, message } = found;
  if (isOver(ticket) && delivery.ts === null && delivery.doubt === null) return null;
  const isPosted = message?.postedChannel != null && message.ts !== null;
  const posted = isPosted ? { channel: message.postedChannel ?? '', ts: message.ts ?? '' } : null;
  // Without its link the line still tells what fails, and where the ticket is.
  const link = posted && (await deps.chat.permalink(posted).catch(() => null));
  return renderElsewhere(ticket, scope, region.join(' '), link);
}
