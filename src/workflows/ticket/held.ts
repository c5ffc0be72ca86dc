import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { TicketRecord } from '../../domain/store/tickets.ts';
import { policyFor } from '../../diagnosis/decide-diagnosis.ts';
import { type HeldView, renderHeld } from '../../messages/held.ts';
import { latestLook } from '../../ticket/latest-look.ts';
import type { Deps } from '../deps.ts';
import { placeTicket } from './place-ticket.ts';

export const heldUsage =
  '`/restage held` lists what alerts and is no ticket yet, with the next look and *Open now*.';

/** `/restage held`: the soonest look first. */
export async function showHeld(deps: Deps): Promise<ChatMessage> {
  const held = await deps.store.snapshot((tx) => tx.ticketsIn(['held']));
  return renderViews(deps, held);
}

/** What people see of a ticket that is held. */
export function heldView({ policies }: Pick<Deps, 'policies'>, ticket: TicketRecord): HeldView {
  const { lookAgainAfterMs } = policyFor(ticket.failure, policies.diagnosis);
  return { ticket, nextLook: ticket.lookAt, latest: latestLook(ticket, lookAgainAfterMs) };
}

const dayMs = 86_400_000;

/** The channel has at most one line a day about all that is held there. */
function lineIdOf(channel: string, at: Date): string {
  return `${at.toISOString().slice(0, 10)} ${channel}`;
}

/** A ticket is held: its channel's line is to say so. */
export async function wantHeldLine(deps: Deps, tx: Tx, ticket: TicketRecord): Promise<void> {
  const channel = channelOf(deps, ticket);
  const now = deps.clock.now();
  const subjectId = lineIdOf(channel, now);
  await tx.wantDelivery(
    { id: deps.newId(), kind: 'held', subjectId, channel, parentId: null, body: null },
    now,
  );
  await tx.enqueue({ queue: 'deliver', channel });
}

/** A ticket was held and may not be any longer: the lines that tell of it are brought up to date. */
export async function touchHeldLine(deps: Deps, ticket: TicketRecord): Promise<void> {
  const channel = channelOf(deps, ticket);
  const now = deps.clock.now();
  await deps.store.transaction(async (tx) => {
    for (const day of [now, new Date(now.getTime() - dayMs)])
      await tx.touchDelivery('held', lineIdOf(channel, day), now);
    await tx.enqueue({ queue: 'deliver', channel });
  });
}

/** `null`: nothing was held for as long as it took to tell it. */
export async function renderHeldLine(
  deps: Deps,
  { subjectId, ts, doubt }: Delivery,
): Promise<ChatMessage | null> {
  const channel = subjectId.slice(subjectId.indexOf(' ') + 1);
  const all = await deps.store.transaction((tx) => tx.ticketsIn(['held']));
  const held = all.filter((ticket) => channelOf(deps, ticket) === channel);
  if (held.length === 0 && ts === null && doubt === null) return null;
  return renderViews(deps, held);
}

function renderViews(deps: Deps, held: readonly TicketRecord[]): ChatMessage {
  const bySoonest = held.toSorted((a, b) => (a.lookAt?.getTime() ?? 0) - (b.lookAt?.getTime() ?? 0));
  return renderHeld(
    bySoonest.map((ticket) => heldView(deps, ticket)),
    deps.policies.timeZone,
  );
}

/** The channel that its ticket would go to. */
function channelOf(deps: Deps, ticket: TicketRecord): string {
  return placeTicket(deps, ticket, deps.inventory.find(ticket.device)).route.channel;
}
