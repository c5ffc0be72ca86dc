import type { TicketEvent, TicketState } from '../domain/ticket.ts';

/** What the lifecycle looks at. */
export interface TicketSituation {
  readonly state: TicketState;
  readonly snoozedUntil: Date | null;
  readonly resolvedAt: Date | null;
}

export type TicketTransition =
  | { readonly allowed: true; readonly to: TicketState; readonly reason: string }
  | { readonly allowed: false; readonly reason: string; readonly message: string };

interface EventRule {
  readonly from: readonly TicketState[];
  /** null: the state stays what it is. */
  readonly to: TicketState | null;
  readonly reason: string;
}

const unsolved = ['open', 'acknowledged'] as const;
const shown = [...unsolved, 'repaired'] as const;

const rules: Readonly<Record<TicketEvent, EventRule>> = {
  acknowledge: { from: ['open'], to: 'acknowledged', reason: 'acknowledged-by-person' },
  assign: { from: unsolved, to: null, reason: 'assigned-by-person' },
  snooze: { from: unsolved, to: null, reason: 'snoozed-by-person' },
  wake: { from: unsolved, to: null, reason: 'snooze-is-over' },
  repair: { from: unsolved, to: 'repaired', reason: 'repaired-by-person' },
  resolve: { from: shown, to: 'resolved', reason: 'resolved-by-person' },
  reopen: { from: ['repaired', 'resolved'], to: 'open', reason: 'reopened-by-person' },
  'failed-again': { from: ['repaired', 'resolved'], to: 'open', reason: 'failed-again-after-repair' },
  recovered: { from: shown, to: 'resolved', reason: 'device-is-well' },
  redistributed: { from: ['repaired'], to: 'resolved', reason: 'all-redistributed' },
};

/**
 * Whether an event may happen to a ticket now, and what state it leads to. A second click changes nothing: it is
 * refused with a sentence for whoever clicked. `reopenForMs`: how long a resolved ticket can be opened again.
 */
export function decideTransition(
  { state, snoozedUntil, resolvedAt }: TicketSituation,
  event: TicketEvent,
  now: Date,
  reopenForMs: number,
): TicketTransition {
  const { from, to, reason } = rules[event];
  if (!from.includes(state)) return refused('wrong-state', `This ticket is ${state} already.`);
  if (event === 'wake' && snoozedUntil === null)
    return refused('not-snoozed', 'This ticket is awake already.');
  if (event === 'reopen' && resolvedAt && now.getTime() - resolvedAt.getTime() > reopenForMs) {
    return refused(
      'resolved-too-long-ago',
      'This ticket was resolved too long ago: new alerts open a new one.',
    );
  }
  return { allowed: true, to: to ?? state, reason };
}

function refused(reason: string, message: string): TicketTransition {
  return { allowed: false, reason, message };
}

const personal: readonly TicketEvent[] = [
  'acknowledge',
  'repair',
  'assign',
  'snooze',
  'wake',
  'resolve',
  'reopen',
];

/** What a person can do about a ticket now, in the order of its buttons. */
export function possibleEvents(
  situation: TicketSituation,
  now: Date,
  reopenForMs: number,
): readonly TicketEvent[] {
  const isSnoozed = situation.snoozedUntil !== null;
  return personal.filter(
    (event) =>
      decideTransition(situation, event, now, reopenForMs).allowed && !(event === 'snooze' && isSnoozed),
  );
}
