import type { Modal } from '../domain/chat.ts';
import type { Freeze } from '../domain/freeze.ts';
import type { Plan } from '../domain/redistribution.ts';
import { section } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { reasonInput } from './form-parts.ts';
import { countOf, mention, showTime, timeIn } from './wording.ts';

export const exceptionFormId = 'redistribution:exception';

/** Returns what is frozen, by whom, until when and why, as mrkdwn. */
export function describeFreeze({ scope, by, until, reason }: Freeze, timeZone: string): string {
  const what =
    scope.kind === 'all' ? 'Everything' : `The ${scope.kind} ${codeSpan(clampText(scope.name, 80))}`;
  const end = until === null ? 'until somebody lifts it' : `until ${showTime(until, timeZone)}`;
  return `${what} is frozen by ${mention(by.userId)} ${end}: ${escapeText(clampText(reason, 200))}`;
}

/** As `describeFreeze`, without markup: for what is escaped later. */
export function describeFreezePlainly({ scope, by, until, reason }: Freeze, timeZone: string): string {
  const what = scope.kind === 'all' ? 'everything' : `the ${scope.kind} ${scope.name}`;
  const end = until === null ? '' : ` until ${timeIn(until, timeZone)}`;
  return `${what} is frozen by ${by.userId}${end}: ${clampText(reason, 200)}`;
}

/** Asks why a proposal is to run in spite of a freeze (as `describeFreeze` says it). `metadata` comes back with it. */
export function exceptionForm(
  freeze: string,
  { runnable, inDoubt }: Pick<Plan, 'runnable' | 'inDoubt'>,
  metadata: string,
): Modal {
  const doubt = inDoubt > 0 ? ` :warning: ${inDoubt} of them in doubt: look at them twice.` : '';
  const about = `:snowflake: ${clampText(freeze, 1_000)}\nYou approve ${countOf(runnable, 'command')} all the same.${doubt}`;
  const input = reasonInput(
    'Why can it not wait?',
    'It stands in the message. Two people have to give a reason.',
  );
  return {
    callbackId: exceptionFormId,
    title: 'Exception',
    submit: 'Approve',
    blocks: [section(about), input],
    metadata,
  };
}
