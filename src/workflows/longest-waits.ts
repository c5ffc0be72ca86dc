import { longestSnoozeMs } from '../messages/ticket-forms.ts';
import { longestSlotWaitMs } from '../ticket/schedule.ts';
import type { Policies } from './deps.ts';

/** A wait that Slack asks for is never longer, whatever its answer says. */
export const longestPutOffMs = 3_600_000;
/** Quiet hours end at most a day after they begin, which has 25 hours where clocks are set back. */
const longestQuietMs = 25 * 3_600_000;

/** A ticket whose symptoms may end by time alone is judged at least as often. */
export const longestRecheckMs = 6 * 3_600_000;

/**
 * The longest wait of each kind of due time, in ms. What is due later than that was written while the clock was wrong,
 * and is due now.
 */
export const longestWaits = {
  /** Of a message: its next try or edit, the next line of a ticket's thread. */
  delivery: ({ delivery, ticket }: Policies): number =>
    Math.max(...delivery.scheduleMs, delivery.editEveryMs, ticket.tellEveryMs, longestPutOffMs),
  /** Of a digest: its schedule's next slot. */
  hold: longestSlotWaitMs,
  /** Of a ticket under examination: the next look at it. */
  look: ({ diagnosis, rootCause }: Policies): number =>
    Math.max(
      0,
      ...[diagnosis, ...diagnosis.failures].flatMap(({ lookAgainAfterMs }) => lookAgainAfterMs),
      rootCause?.settleMs ?? 0,
    ),
  snooze: longestSnoozeMs,
  /** Of an open ticket: the next question whether its device is well. */
  check: ({ ticket }: Policies): number => Math.max(ticket.autoResolveAfterMs ?? 0, longestRecheckMs),
  /** Of a page: its next step. */
  pageStep: ({ paging }: Policies): number =>
    Math.max(
      0,
      ...paging.policies.flatMap(({ steps, repeatAfterMs }) => [
        repeatAfterMs,
        ...steps.map(({ afterMs }) => afterMs),
      ]),
    ),
  quietHours: longestQuietMs,
} as const;
