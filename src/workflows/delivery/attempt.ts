import type { ChatMessage, Posted, Stamp } from '../../domain/chat.ts';
import { ChatError } from '../../domain/chat.ts';
import type { Delivery, DeliveryResult } from '../../domain/store/deliveries.ts';
import type { Deps } from '../deps.ts';
import type { Claimed, Sending } from './claimed.ts';
import { failSlack } from './fail-slack.ts';
import { look, needsLook, type Standing, standingOf } from './look.ts';
import { doubtOfDoubles } from './next-look.ts';
import { done, putOff, skip } from './outcome.ts';
import { renderDelivery } from './render-delivery.ts';

/**
 * Brings Slack up to date about a delivery: one message, that says what the database says now (A18). Where the outcome of an
 * earlier call is unknown, what it did is looked for first. null: another bot has taken the delivery over.
 */
export async function attempt(deps: Deps, claimed: Sending): Promise<DeliveryResult | null> {
  if (claimed.slack === null) {
    return failSlack(deps, claimed, new ChatError('not-sent', 'Slack has not answered yet'), 'look');
  }
  const known = standingOf(claimed);
  if (!needsLook(deps, known)) return bringUpToDate(deps, claimed, known);
  try {
    const seen = await look(deps, claimed, known);
    if (seen.posted && seen.sent === claimed.wanted) return { ...done(deps), ...resultOf(seen) };
    const waitMs = waitBeforePost(deps, claimed, seen);
    return waitMs === null
      ? await bringUpToDate(deps, claimed, seen)
      : putOff(deps, { ...claimed, ...seen }, waitMs);
  } catch (error) {
    return failSlack(deps, claimed, error, 'look');
  }
}

/** How long a given-up post may still take effect, in milliseconds; null if it can't, or there is one in place. */
function waitBeforePost(deps: Deps, { slack }: Claimed, { posted, doubt }: Standing): number | null {
  if (posted || !doubt || !slack) return null;
  const { lateEffectMs } = deps.policies.delivery;
  const leftMs = doubt.givenUpAt.getTime() + lateEffectMs - slack.earliest.getTime();
  return leftMs < 0 ? null : leftMs + 1;
}

async function bringUpToDate(
  deps: Deps,
  claimed: Sending,
  standing: Standing,
): Promise<DeliveryResult | null> {
  const { posted } = standing;
  const delivery = { ...claimed, ts: posted?.ts ?? null, doubt: null };
  const message = await renderDelivery(deps, delivery).catch((error: unknown) =>
    failSlack(deps, { ...claimed, ...standing }, error, 'upload'),
  );
  if (message !== null && 'state' in message) return message;
  if (!message) return { ...skip(deps, claimed), doubt: standing.doubt, lookAt: standing.lookAt };
  return posted ? edit(deps, claimed, { standing, posted, message }) : post(deps, claimed, standing, message);
}

async function post(
  deps: Deps,
  claimed: Sending,
  standing: Standing,
  message: ChatMessage,
): Promise<DeliveryResult | null> {
  // Counting for a report, or looking through a busy channel, takes its time.
  if (!(await claimed.lease.check())) return null;
  const target = { channel: claimed.channel, threadTs: claimed.threadTs };
  try {
    const posted = await deps.chat.post(target, message, stampOf(claimed));
    return {
      ...done(deps),
      ...resultOf({ ...afterPost(deps, claimed, standing), posted, sent: claimed.wanted }),
    };
  } catch (error) {
    return failSlack(deps, { ...claimed, ...standing }, error, 'post');
  }
}

/**
 * A channel is looked at once more, soon, whatever else is in doubt of the message. In a thread that would cost a call for
 * each, and a double there misleads nobody.
 */
function afterPost(deps: Deps, { slack, threadTs }: Claimed, standing: Standing): Standing {
  if (threadTs !== null || !slack) return standing;
  const { lateEffectMs } = deps.policies.delivery;
  const soon = new Date(deps.clock.now().getTime() + lateEffectMs);
  const { doubt, lookAt } = standing;
  return {
    ...standing,
    doubt: doubt ?? doubtOfDoubles(slack, lateEffectMs),
    lookAt: lookAt !== null && lookAt < soon ? lookAt : soon,
  };
}

interface Edit {
  readonly standing: Standing;
  readonly posted: Posted;
  readonly message: ChatMessage;
}

async function edit(
  deps: Deps,
  claimed: Claimed,
  { standing, posted, message }: Edit,
): Promise<DeliveryResult> {
  try {
    await deps.chat.update(posted.channel, posted.ts, message, stampOf(claimed));
    return { ...done(deps), ...resultOf({ ...standing, sent: claimed.wanted }) };
  } catch (error) {
    const result = await failSlack(deps, { ...claimed, ...standing }, error, 'edit');
    return { ...result, posted, sent: standing.sent };
  }
}

function resultOf({ posted, ...rest }: Standing): Pick<DeliveryResult, 'posted' | keyof typeof rest> {
  return posted ? { posted, ...rest } : rest;
}

function stampOf({ id, wanted }: Delivery): Stamp {
  return { deliveryId: id, revision: wanted };
}
