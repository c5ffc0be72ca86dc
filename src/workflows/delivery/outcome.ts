import { ChatError } from '../../domain/chat.ts';
import type { Delivery, DeliveryResult } from '../../domain/store/deliveries.ts';
import type { Deps } from '../deps.ts';
import { longestPutOffMs } from '../longest-waits.ts';

/** The next edit of this message waits, so that a storm of alerts becomes few edits. */
export function done(deps: Deps): DeliveryResult {
  const dueAt = new Date(deps.clock.now().getTime() + deps.policies.delivery.editEveryMs);
  return { state: 'sent', attempts: 0, dueAt, doubt: null, lookAt: null, lastError: null, failure: null };
}

/** What it was about is gone: there is nothing to say. */
export function skip(deps: Deps, { wanted }: Delivery): DeliveryResult {
  return { ...done(deps), sent: wanted };
}

/** By the schedule, and in the end given up; what Slack only puts off is no failed try. */
export function failed(
  deps: Deps,
  { attempts: before, doubt, lookAt }: Delivery,
  error: unknown,
): DeliveryResult {
  const failure = error instanceof ChatError ? error.failure : 'unknown';
  const lastError = describe(error);
  const known = { doubt, lookAt, lastError, failure };
  const now = deps.clock.now().getTime();
  if (failure === 'rate-limited') {
    const waitMs = (error instanceof ChatError ? error.retryAfterMs : null) ?? 1000;
    const dueAt = new Date(now + Math.min(waitMs, longestPutOffMs));
    return { ...known, state: 'pending', attempts: before, dueAt };
  }
  const attempts = before + 1;
  const scheduledMs = deps.policies.delivery.scheduleMs[attempts];
  const state = scheduledMs === undefined ? 'failed' : 'pending';
  const askedMs = error instanceof ChatError ? error.retryAfterMs : null;
  return { ...known, state, attempts, dueAt: new Date(now + (askedMs ?? scheduledMs ?? 0)) };
}

/** Tried again soon, and later messages of its channel wait behind it; never given up. */
export function putOff(deps: Deps, delivery: Delivery, waitMs: number, error?: unknown): DeliveryResult {
  const { attempts, doubt, lookAt, lastError } = delivery;
  return {
    state: 'pending',
    // From its third try on a message holds up nothing.
    attempts: Math.min(attempts, 1),
    dueAt: new Date(deps.clock.now().getTime() + waitMs),
    doubt,
    lookAt,
    lastError: error === undefined ? (lastError ?? 'not sent yet') : describe(error),
    failure: error instanceof ChatError ? error.failure : null,
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 500) : String(error);
}
