import type { KnownBlock } from '@slack/types';
import type { ChatMessage, Modal } from '../domain/chat.ts';
import type { FailedJob } from '../domain/redistribution.ts';
import type { Dismissal, FailureScope, OpenFailure } from '../domain/store/dismissals.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, section, sectionWith } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan, escapeText } from './escape.ts';
import { foldNames } from './fold-names.ts';
import { reasonInput } from './form-parts.ts';
import { clampMessage } from './limits.ts';
import { countOf, mention, showTime } from './wording.ts';

export const dismissFormId = 'failures:dismiss';
/** Upper bound, so that all fit into one message. */
export const failuresListed = 10;
export const dismissalsListed = 5;

/** What is open, and what people dismissed lately. */
export interface FailuresView {
  /** The server, device, job or package of the request; `null` for all. */
  readonly about: string | null;
  /** The device of the request; `null` if it named something else. */
  readonly recipient: string | null;
  readonly total: number;
  readonly failures: readonly OpenFailure[];
  readonly dismissed: readonly Dismissal[];
}

/** What is open, since when, known from where, each with *Dismiss…*; then what was dismissed, each with *Undo*. */
export function renderFailures(view: FailuresView, timeZone: string): ChatMessage {
  const { about, recipient, total, failures, dismissed } = view;
  const of = about === null ? '' : ` of ${codeSpan(clampText(about, 80))}`;
  const text = total === 0 ? `Nothing${of} is open.` : `${countOf(total, 'job')}${of} open:`;
  const more = total - failures.length;
  const blocks: KnownBlock[] = [
    section(text),
    ...failures.map((one) => failureSection(one, recipient, timeZone)),
    ...(more > 0 ? [context(`and ${more} more; ask for a server, a device, a job or a package`)] : []),
    ...dismissed.map((one) => dismissedSection(one, timeZone)),
  ];
  return clampMessage({ text, blocks });
}

/** What a click on *Dismiss…* carries. */
export function writeScope({ server, job, package: name, recipient }: FailureScope): string {
  return JSON.stringify([server, job, name, recipient]);
}

/** Returns what a click or a form carries; `null` if it is none of ours. */
export function readScope(value: string): FailureScope | null {
  try {
    const parts: unknown = JSON.parse(value);
    if (!Array.isArray(parts)) return null;
    const [server, job, name, recipient]: unknown[] = parts;
    const isWhole = typeof server === 'string' && typeof job === 'string' && typeof name === 'string';
    if (!isWhole || (recipient !== null && typeof recipient !== 'string')) return null;
    return { server, job, package: name, recipient };
  } catch {
    return null;
  }
}

/** Slack's limit of a button's value. */
const valueCharacters = 2_000;

function failureSection(failure: OpenFailure, recipient: string | null, timeZone: string): KnownBlock {
  const { server, job, package: name, count, recipients, since, latest, cause, knownFrom } = failure;
  const text = [
    `*${escapeText(clampText(job, 80))}* on ${codeSpan(clampText(server, 80))}: ${codeSpan(clampText(name, 80))} for ${countOf(count, 'recipient')} ${codeSpan(clampText(foldNames(recipients), 200))}`,
    `open since ${showTime(since, timeZone)}, last failed ${showTime(latest, timeZone)}, known from ${originsOf(knownFrom)}`,
    escapeText(clampText(cause, 200)),
  ].join('\n');
  const value = writeScope({ ...failure, recipient });
  if (value.length > valueCharacters) return section(text);
  return sectionWith(text, button('Dismiss…', actions.failuresDismiss, value));
}

function originsOf(knownFrom: readonly FailedJob['knownFrom'][]): string {
  const words = { alert: 'alerts alone', log: 'logs alone', both: 'alerts and logs' } as const;
  return knownFrom.length === 0 ? 'nobody knows where' : knownFrom.map((one) => words[one]).join(', ');
}

function dismissedSection({ id, scope, by, at, reason }: Dismissal, timeZone: string): KnownBlock {
  const whom = scope.recipient === null ? '' : ` for ${codeSpan(clampText(scope.recipient, 80))}`;
  const what = `*${escapeText(clampText(scope.job, 80))}* on ${codeSpan(clampText(scope.server, 80))}${whom}`;
  const who = `dismissed by ${mention(by.userId)} ${showTime(at, timeZone)}`;
  const text = `:wastebasket: ${what} ${who}: ${escapeText(clampText(reason, 200))}`;
  return sectionWith(text, button('Undo', actions.failuresUndo, id));
}

/** Renders the reply to a dismissal, with *Undo*. */
export function renderDismissed({ id, count }: { readonly id: string; readonly count: number }): ChatMessage {
  const text = `Dismissed: ${countOf(count, 'failure')}. Nothing of it is proposed again, unless it fails anew.`;
  return { text, blocks: [section(text), buttonRow([button('Undo', actions.failuresUndo, id)])] };
}

/** Asks why nothing is to be done about failures. `metadata` comes back with it. */
export function dismissForm(scope: FailureScope, metadata: string): Modal {
  const input = reasonInput(
    'Why is nothing left to do?',
    'Such as: delivered by hand. It is kept, and can be undone.',
  );
  const whom = scope.recipient === null ? 'all its recipients' : codeSpan(clampText(scope.recipient, 80));
  const about = `Job ${codeSpan(clampText(scope.job, 80))} on ${codeSpan(clampText(scope.server, 80))}, package ${codeSpan(clampText(scope.package, 80))}, for ${whom}.`;
  return {
    callbackId: dismissFormId,
    title: 'Dismiss',
    submit: 'Dismiss',
    blocks: [section(about), input],
    metadata,
  };
}
