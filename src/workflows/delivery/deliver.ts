import type { DeliveryResult } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Deps } from '../deps.ts';
import { longestWaits } from '../longest-waits.ts';
import { continueStory } from '../ticket/tell-story.ts';
import { tellElsewhere } from '../ticket/tell-elsewhere.ts';
import { attempt } from './attempt.ts';
import { claimLifetimeMs, type Claimed, holdClaim } from './claimed.ts';
import { sendFile, isFile } from './send-file.ts';
import { sendMail } from './send-mail.ts';
import { announceFailure } from './undelivered.ts';

/** A message that was given up because of Slack is tried again before the next one of its channel, at most as often. */
const triedAgainAfterMs = 60_000;

/** Sends what is due in a channel, in order, one at a time; the rest is enqueued for when it falls due. */
export async function deliverChannel(deps: Deps, channel: string): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    const claimed = await claim(deps, channel, isFirst);
    if (!claimed) return;
    const result = await send(deps, claimed);
    if (!result || !(await settle(deps, claimed, result))) {
      return deps.store.transaction((tx) => enqueueRest(tx, channel));
    }
    report(deps, claimed, result);
    if (claimed.kind === 'ticket') await followTicketMessage(deps, Number(claimed.subjectId));
  }
}

/** Once a ticket's message says what is known, its thread and other regions are told what they have to hear of. */
async function followTicketMessage(deps: Deps, ticketId: number): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const ticket = await tx.ticket(ticketId);
    if (!ticket) return;
    await continueStory(deps, tx, ticket);
    await tellElsewhere(deps, tx, ticket);
  });
}

async function retryGivenUp(deps: Deps, tx: Tx, channel: string): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - triedAgainAfterMs);
  await tx.retryGivenUp(channel, before, deps.policies.delivery.scheduleMs.length - 1);
}

/**
 * Claims what is to be sent now, after what was given up has got another try, the first time. `null`: nothing is; the rest
 * is enqueued for when it falls due.
 */
async function claim(deps: Deps, channel: string, isFirst: boolean): Promise<Claimed | null> {
  const lease = {
    lengthMs: claimLifetimeMs,
    longestHoldMs: longestWaits.hold,
    longestWaitMs: longestWaits.delivery(deps.policies),
  };
  const slack = await deps.chat.time().catch(() => null);
  const doubt = slack && {
    postSince: slack.earliest,
    givenUpAt: new Date(slack.latest.getTime() + claimLifetimeMs),
  };
  return deps.store.transaction(async (tx) => {
    if (isFirst) await retryGivenUp(deps, tx, channel);
    const delivery = await tx.claimDelivery(channel, lease, doubt);
    if (!delivery) await enqueueRest(tx, channel);
    return delivery && { ...delivery, slack };
  });
}

async function enqueueRest(tx: Tx, channel: string): Promise<void> {
  const next = await tx.nextDue(channel);
  if (!next) return;
  const staleAt = next.claimedAt && new Date(next.claimedAt.getTime() + claimLifetimeMs + 1);
  await tx.enqueue({ queue: 'deliver', channel, at: staleAt ?? next.dueAt });
}

/** null: it is another bot's by now. */
async function send(deps: Deps, claimed: Claimed): Promise<DeliveryResult | null> {
  await using lease = holdClaim(deps, claimed);
  const sending = { ...claimed, lease };
  if (claimed.kind === 'email') return await sendMail(deps, sending);
  return await (isFile(claimed) ? sendFile(deps, sending) : attempt(deps, sending));
}

/** False where another bot took it over during the call: what this one may have done is then looked for. */
async function settle(deps: Deps, claimed: Claimed, result: DeliveryResult): Promise<boolean> {
  return deps.store.transaction(async (tx) => {
    const isOurs = await tx.settleDelivery(claimed, result);
    if (isOurs && result.state === 'failed') await announceFailure(deps, tx, claimed);
    if (!isOurs && claimed.slack) {
      const { earliest, latest } = claimed.slack;
      const givenUpAt = new Date(latest.getTime() + claimLifetimeMs);
      const lookAt = new Date(deps.clock.now().getTime() + deps.policies.delivery.lateEffectMs);
      await tx.doubtDelivery(claimed.id, { postSince: earliest, givenUpAt }, lookAt);
    }
    return isOurs;
  });
}

function report(deps: Deps, delivery: Claimed, result: DeliveryResult): void {
  const fields = {
    delivery: delivery.id,
    kind: delivery.kind,
    channel: delivery.channel,
    attempts: result.attempts,
  };
  if (result.state === 'failed') {
    deps.log.error({ ...fields, error: result.lastError }, 'message could not be delivered; given up');
  } else if (result.lastError !== null) {
    deps.log.warn({ ...fields, error: result.lastError, again: result.dueAt }, 'message not delivered yet');
  }
}
