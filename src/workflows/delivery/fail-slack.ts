import { ChatError } from '../../domain/chat.ts';
import type { Delivery, DeliveryResult, Doubt } from '../../domain/store/deliveries.ts';
import type { Deps } from '../deps.ts';
import type { Claimed } from './claimed.ts';
import { failed, putOff } from './outcome.ts';

/** While Slack is away, the first message of a channel is tried so often. */
const awayWaitMs = 10_000;

/**
 * What becomes of a delivery whose call failed. Slack being away is no failed try: the message waits, and is never given
 * up. Rethrows what is no `ChatError`.
 */
export async function failSlack(
  deps: Deps,
  claimed: Claimed,
  error: unknown,
  call: 'post' | 'edit' | 'look' | 'upload',
): Promise<DeliveryResult> {
  if (!(error instanceof ChatError)) throw error;
  const isOfMessage = call === 'post' || call === 'edit';
  const doubted =
    error.failure === 'unknown' && isOfMessage
      ? { ...claimed, ...(await addDoubt(deps, claimed, call)) }
      : claimed;
  return (await isAway(deps, error))
    ? putOff(deps, doubted, awayWaitMs, error)
    : failed(deps, doubted, error);
}

/** An unknown outcome may be about this message alone: Slack is asked for something else. */
async function isAway(deps: Deps, { failure }: ChatError): Promise<boolean> {
  if (failure === 'not-sent' || failure === 'unauthorized') return true;
  return failure === 'unknown' && (await deps.chat.ask()) !== null;
}

async function addDoubt(
  deps: Deps,
  { slack, doubt }: Claimed,
  call: 'post' | 'edit',
): Promise<Pick<Delivery, 'doubt' | 'lookAt'>> {
  const { latest } = await deps.chat.time();
  const since = call === 'post' ? (slack?.earliest ?? null) : null;
  const added: Doubt = { postSince: doubt?.postSince ?? since, givenUpAt: latest };
  const lookAt = new Date(deps.clock.now().getTime() + deps.policies.delivery.lateEffectMs);
  return { doubt: added, lookAt };
}
