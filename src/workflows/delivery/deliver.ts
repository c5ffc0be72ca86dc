import type { ChatFile, ChatMessage, PostTarget, Stamp } from '../../domain/chat.ts';
import { ChatError } from '../../domain/chat.ts';
import type { ClaimedDelivery, Delivery, DeliveryResult } from '../../domain/store/deliveries.ts';
import type { Tx } from '../../domain/store/store.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import type { Deps } from '../deps.ts';
import { longestPutOffMs, longestWaits } from '../longest-waits.ts';
import { renderDelivery } from './render-delivery.ts';
import { drawListing } from '../redistribution/show-whole.ts';
import { writeOutputFile } from '../redistribution/output-file.ts';
import { drawReportChart } from '../report/report.ts';
import { continueStory } from '../ticket/tell-story.ts';
import { sendTicketMail } from '../ticket/ticket-mail.ts';
import { announceFailure } from './undelivered.ts';

/**
 * A claim that is older belongs to a bot that died in the middle of a call: longer than any call to Slack
 * takes, so that a request still on its way can't be overlooked.
 */
const claimLifetimeMs = 15_000;
/** A call begins with at least as much of its claim left as Slack may take to answer. */
const callTakesMs = 11_000;

/** Sends what is due in a channel, in order, one at a time; the rest is enqueued for when it falls due. */
export async function deliverChannel(deps: Deps, channel: string): Promise<void> {
  for (;;) {
    const delivery = await claim(deps, channel);
    if (!delivery) return;
    const result = await send(deps, delivery);
    if (!result) return deps.store.transaction((tx) => enqueueRest(tx, channel));
    await deps.store.transaction(async (tx) => {
      await tx.settleDelivery(delivery.id, result);
      if (result.state === 'failed') await announceFailure(deps, tx, delivery);
    });
    report(deps, delivery, result);
    if (delivery.kind === 'ticket') await continueStory(deps, Number(delivery.subjectId));
  }
}

/** What is to be sent now. null: nothing; the rest is enqueued for when it falls due. */
async function claim(deps: Deps, channel: string): Promise<ClaimedDelivery | null> {
  const lease = {
    lengthMs: claimLifetimeMs,
    longestHoldMs: longestWaits.hold,
    longestWaitMs: longestWaits.delivery(deps.policies),
  };
  return deps.store.transaction(async (tx) => {
    const delivery = await tx.claimDelivery(channel, lease);
    if (!delivery) await enqueueRest(tx, channel);
    return delivery;
  });
}

async function enqueueRest(tx: Tx, channel: string): Promise<void> {
  const next = await tx.nextDue(channel);
  if (!next) return;
  const staleAt = next.claimedAt && new Date(next.claimedAt.getTime() + claimLifetimeMs + 1);
  await tx.enqueue({ queue: 'deliver', channel, at: staleAt ?? next.dueAt });
}

/** null: it is another bot's by now. */
async function send(deps: Deps, delivery: ClaimedDelivery): Promise<DeliveryResult | null> {
  if (delivery.kind === 'email') return mail(deps, delivery);
  if (isFile(delivery)) return upload(deps, delivery);
  const message = await renderDelivery(deps, delivery);
  return message ? attempt(deps, delivery, message) : skip(deps, delivery);
}

/** A mail is sent once and never edited; one that may have gone out twice bears the same Message-ID. */
async function mail(deps: Deps, delivery: Delivery): Promise<DeliveryResult> {
  try {
    await sendTicketMail(deps, delivery);
    return { ...done(deps), sent: delivery.wanted };
  } catch (error) {
    return failed(deps, delivery, error);
  }
}

/** A file can't be found again: where an earlier call may have shared it, it is left at that. Its message has it in words. */
async function upload(deps: Deps, delivery: Delivery): Promise<DeliveryResult> {
  if (delivery.outcomeUnknown) return skip(deps, delivery);
  const file = await drawFile(deps, delivery).catch((error: unknown) => {
    deps.log.warn({ delivery: delivery.id, error: String(error) }, 'file not drawn');
    return null;
  });
  if (!file) return skip(deps, delivery);
  try {
    await deps.chat.upload({ channel: delivery.channel, threadTs: delivery.threadTs }, file);
    return { ...done(deps), sent: delivery.wanted };
  } catch (error) {
    return failed(deps, delivery, error);
  }
}

function isFile({ kind }: Delivery): boolean {
  return kind === 'chart' || kind === 'listing' || kind === 'output';
}

function drawFile(deps: Deps, { kind, subjectId }: Delivery): Promise<ChatFile | null> {
  if (kind === 'output') return writeOutputFile(deps, subjectId);
  return kind === 'chart' ? drawReportChart(deps, subjectId) : drawListing(deps, subjectId);
}

async function attempt(
  deps: Deps,
  delivery: ClaimedDelivery,
  message: ChatMessage,
): Promise<DeliveryResult | null> {
  try {
    return delivery.ts && delivery.postedChannel
      ? await edit(deps, delivery, delivery.postedChannel, delivery.ts, message)
      : await post(deps, delivery, message);
  } catch (error) {
    return failed(deps, delivery, error);
  }
}

/** Posts once (A18): where an earlier outcome is unknown, what it may have posted is looked for first. */
async function post(
  deps: Deps,
  delivery: ClaimedDelivery,
  message: ChatMessage,
): Promise<DeliveryResult | null> {
  const target = { channel: delivery.channel, threadTs: delivery.threadTs };
  if (delivery.outcomeUnknown) {
    const earlier = await lookForPost(deps, delivery, target);
    if (earlier) return earlier;
  }
  if (isWearingOut(deps, delivery) && !(await renewClaim(deps, delivery))) return null;
  const posted = await deps.chat.post(target, message, stampOf(delivery));
  return { ...done(deps), posted, sent: delivery.wanted };
}

/** What an earlier call posted; null: nothing. As long as nobody could look, its outcome is as unknown as before. */
async function lookForPost(
  deps: Deps,
  delivery: ClaimedDelivery,
  target: PostTarget,
): Promise<DeliveryResult | null> {
  try {
    const since = new Date(delivery.createdAt.getTime() - 120_000);
    const [found] = await deps.chat.copies({ target, deliveryId: delivery.id, since, known: null });
    // It may show an older state: `sent` stays behind `wanted`, and an edit follows.
    return found
      ? { ...done(deps), posted: found, sent: delivery.body ? delivery.wanted : (found.revision ?? 0) }
      : null;
  } catch (error) {
    return { ...failed(deps, delivery, error), outcomeUnknown: true };
  }
}

/** Counting for a report, or looking through a busy channel, takes its time. */
function isWearingOut(deps: Deps, { since }: ClaimedDelivery): boolean {
  const freshMs = claimLifetimeMs - callTakesMs;
  return isTimeUp(new Date(since.getTime() + freshMs), deps.clock.now(), freshMs);
}

/** Posting gets the whole of a claim. */
async function renewClaim(deps: Deps, { id, since }: ClaimedDelivery): Promise<boolean> {
  return (await deps.store.transaction((tx) => tx.renewClaim(id, since))) !== null;
}

async function edit(
  deps: Deps,
  delivery: Delivery,
  channel: string,
  ts: string,
  message: ChatMessage,
): Promise<DeliveryResult> {
  await deps.chat.update(channel, ts, message, stampOf(delivery));
  return { ...done(deps), sent: delivery.wanted };
}

function stampOf({ id, wanted }: Delivery): Stamp {
  return { deliveryId: id, revision: wanted };
}

/** The next edit of this message waits, so that a storm of alerts becomes few edits. */
function done(deps: Deps): DeliveryResult {
  const dueAt = new Date(deps.clock.now().getTime() + deps.policies.delivery.editEveryMs);
  return { state: 'sent', attempts: 0, dueAt, outcomeUnknown: false, lastError: null };
}

function failed(deps: Deps, delivery: Delivery, error: unknown): DeliveryResult {
  const failure = error instanceof ChatError ? error.failure : 'unknown';
  const lastError = error instanceof Error ? error.message.slice(0, 500) : String(error);
  const now = deps.clock.now().getTime();
  const outcomeUnknown = failure === 'unknown' || (failure !== 'refused' && delivery.outcomeUnknown);
  if (failure === 'rate-limited') {
    const waitMs = (error instanceof ChatError ? error.retryAfterMs : null) ?? 1000;
    const dueAt = new Date(now + Math.min(waitMs, longestPutOffMs));
    return { state: 'pending', attempts: delivery.attempts, dueAt, outcomeUnknown, lastError };
  }
  const attempts = delivery.attempts + 1;
  const waitMs = deps.policies.delivery.scheduleMs[attempts];
  const state = waitMs === undefined ? 'failed' : 'pending';
  return { state, attempts, dueAt: new Date(now + (waitMs ?? 0)), outcomeUnknown, lastError };
}

/** What it was about is gone: nothing to say any more. */
function skip(deps: Deps, delivery: Delivery): DeliveryResult {
  return { ...done(deps), sent: delivery.wanted };
}

function report(deps: Deps, delivery: Delivery, result: DeliveryResult): void {
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
