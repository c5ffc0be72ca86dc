import type { KnownBlock } from '@slack/types';
import type { ChatMessage } from '../domain/chat.ts';
import type { CommandState, RecipientResult } from '../domain/redistribution.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context, section } from './blocks.ts';
import { clampMiddle, clampTail, clampText } from './clamp-text.ts';
import { codeBlock, codeSpan, escapeText } from './escape.ts';
import { foldNames } from './fold-names.ts';
import { clampMessage } from './limits.ts';

/** Escaping makes text longer: these leave room for it in a section of 3,000 characters. */
const commandShown = 300;
/** Of longer output only the end is shown. */
export const outputShown = 1_200;
const causesShown = 5;

/** A command that runs, or has run. */
export interface OutputView {
  readonly id: string;
  readonly state: CommandState;
  /** The argv, quoted for a shell. */
  readonly quoted: string;
  /** The end of what it printed. */
  readonly output: string;
  readonly exitCode: number | null;
  readonly results: readonly RecipientResult[];
  readonly note: string | null;
}

/**
 * Progress and result of one command, for the thread: its line, the last of what it printed, its exit code, and what became
 * of each recipient. Where nobody knows how it ended, people are asked.
 */
export function renderOutput(view: OutputView): ChatMessage {
  const { quoted, output, note, results } = view;
  const printed = output.trim() === '' ? '(no output)' : clampTail(output.trimEnd(), outputShown);
  const words = note === null ? '' : `\n>${escapeText(clampText(note.replaceAll(/\s+/g, ' '), 300))}`;
  const blocks: KnownBlock[] = [
    section(codeBlock(`$ ${clampMiddle(quoted, commandShown)}`)),
    section(codeBlock(printed)),
    context(`${statusText(view)}${words}`),
    ...(results.length > 0 ? [section(recipientsText(results))] : []),
    ...(view.state === 'unknown' ? [buttonRow(askPeople(view.id))] : []),
  ];
  return clampMessage({ text: statusText(view), blocks });
}

function statusText({ state, exitCode }: OutputView): string {
  if (exitCode === 0) return ':white_check_mark: exit code 0';
  if (exitCode !== null) return `:x: exit code ${exitCode}`;
  if (state === 'skipped') return ':heavy_minus_sign: not started';
  const isOpen = state === 'approved' || state === 'running';
  return isOpen ? ':arrow_forward: no exit code yet' : ':grey_question: no exit code';
}

function recipientsText(results: readonly RecipientResult[]): string {
  const lines = [
    recipientsLine(':white_check_mark: *Succeeded*', results, 'succeeded'),
    recipientsLine(':x: *Failed*', results, 'failed'),
    recipientsLine(':grey_question: *Unknown*', results, 'unknown'),
    ...results
      .filter(({ result }) => result === 'failed')
      .slice(0, causesShown)
      .map(
        ({ name, cause }) => `• ${codeSpan(clampText(name, 60))}: ${escapeText(clampText(cause ?? '', 100))}`,
      ),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function recipientsLine(
  label: string,
  results: readonly RecipientResult[],
  wanted: RecipientResult['result'],
): string {
  const names = results.filter(({ result }) => result === wanted).map(({ name }) => name);
  return names.length === 0
    ? ''
    : `${label} (${names.length})  ${codeSpan(clampText(foldNames(names), 250))}`;
}

function askPeople(id: string) {
  return [button('It ran', actions.commandRan, id), button('It did not', actions.commandDidNotRun, id)];
}
