import type { ChatMessage } from '../../domain/chat.ts';
import type { RotationSchedule } from '../../domain/paging.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import { isNothingHandedOver, renderHandover } from '../../messages/handover.ts';
import { findShiftEnd, regionsOfSchedule, type ShiftEnd } from '../../paging/shifts.ts';
import type { Deps } from '../deps.ts';
import { viewHandover } from './view-handover.ts';

/** A bot that was down hands over what ended meanwhile; later nobody waits for it. */
const latestMs = 2 * 3_600_000;

interface Handover extends ShiftEnd {
  readonly region: string | null;
  readonly channel: string;
}

/**
 * Posts what a shift leaves to the next into the channel of each region that its people are paged about. The database keeps
 * which has been posted: however often this is called, by however many bots, each is posted once.
 */
export async function scheduleHandovers(deps: Deps, tx: Tx, now: Date): Promise<void> {
  for (const handover of handoversAt(deps, now, latestMs)) {
    const { channel } = handover;
    const subjectId = handoverIdOf(handover);
    if (await tx.deliveryOf('handover', subjectId)) continue;
    const delivery = { id: deps.newId(), kind: 'handover', subjectId, channel, parentId: null } as const;
    await tx.wantDelivery({ ...delivery, body: null }, now);
    await tx.enqueue({ queue: 'deliver', channel });
  }
}

/** Two schedules whose shifts end together hand over in one message. */
function handoverIdOf({ at, region }: Pick<Handover, 'at' | 'region'>): string {
  return `${at.toISOString()} ${region ?? ''}`;
}

/** `null`: there is nothing to hand over, or its schedule is not in the config any more. */
export async function renderHandoverMessage(
  deps: Deps,
  { subjectId }: Pick<Delivery, 'subjectId'>,
): Promise<ChatMessage | null> {
  const at = new Date(subjectId.slice(0, subjectId.indexOf(' ')));
  const found = handoversAt(deps, at, 0).find((one) => handoverIdOf(one) === subjectId);
  if (!found) return null;
  const { region, began: since, from, to } = found;
  const view = await viewHandover(deps, { region, since, from, to });
  return isNothingHandedOver(view) ? null : renderHandover(view, deps.policies.timeZone);
}

/** The handovers of the shifts that ended last within `withinMs` before a moment. */
function handoversAt({ policies }: Deps, now: Date, withinMs: number): readonly Handover[] {
  const { paging, routing } = policies;
  const names = routing.regions.map(({ name }) => name);
  return rotationsOf(paging.schedules).flatMap((schedule) => {
    const end = findShiftEnd(schedule, now, withinMs);
    if (!end) return [];
    return regionsOfSchedule(schedule.name, paging, names).map((region) => {
      const channel = routing.regions.find(({ name }) => name === region)?.channel ?? routing.fallbackChannel;
      return { ...end, region, channel };
    });
  });
}

/** Groups have no shifts: all their members are on call. */
export function rotationsOf(schedules: Deps['policies']['paging']['schedules']): readonly RotationSchedule[] {
  return schedules.filter((schedule) => schedule.kind === 'rotation');
}
