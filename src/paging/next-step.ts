import type { EscalationPolicy, EscalationStep } from '../domain/paging.ts';
import type { PageRecord } from '../domain/store/paging.ts';
import { hoursAt } from './daily-hours.ts';

export type StepDecision =
  | { readonly act: 'notify'; readonly step: EscalationStep; readonly reason: 'due' }
  | { readonly act: 'wait'; readonly until: Date; readonly reason: 'not-due' | 'quiet-hours' }
  | { readonly act: 'give-up'; readonly reason: 'nobody-acknowledged' | 'policy-not-configured' };

type Position = Pick<PageRecord, 'round' | 'step' | 'dueAt'>;

/** What an escalation does now (A19). `failure` is the ticket's; null: the config has no such policy any more. */
export function nextStep(
  page: Position,
  failure: string,
  policy: EscalationPolicy | null,
  now: Date,
): StepDecision {
  if (policy === null) return { act: 'give-up', reason: 'policy-not-configured' };
  if (page.dueAt > now) return { act: 'wait', until: page.dueAt, reason: 'not-due' };
  const step = policy.steps[page.step];
  if (page.round > policy.repeat || step === undefined) {
    return { act: 'give-up', reason: 'nobody-acknowledged' };
  }
  const quiet = policy.quietHours;
  const stretch = quiet === null || quiet.except.includes(failure) ? null : hoursAt(quiet.hours, now);
  if (stretch) return { act: 'wait', until: stretch.until, reason: 'quiet-hours' };
  return { act: 'notify', step, reason: 'due' };
}

/**
 * Where an escalation stands after a step. People have their time to answer from the moment they were really
 * told; a step that reached nobody is followed by the next one at once.
 */
export function afterStep(
  page: Pick<PageRecord, 'round' | 'step'>,
  policy: EscalationPolicy,
  reachedSomebody: boolean,
  now: Date,
): Position & { readonly reason: 'no-answer' | 'reached-nobody' } {
  const reason = reachedSomebody ? 'no-answer' : 'reached-nobody';
  const [done, next] = [policy.steps[page.step], policy.steps[page.step + 1]];
  if (!done || !next) {
    const waitMs = policy.repeatAfterMs;
    return { round: page.round + 1, step: 0, dueAt: new Date(now.getTime() + waitMs), reason };
  }
  const waitMs = reachedSomebody ? next.afterMs - done.afterMs : 0;
  return { round: page.round, step: page.step + 1, dueAt: new Date(now.getTime() + waitMs), reason };
}
