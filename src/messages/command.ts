import type { KnownBlock } from '@slack/types';
import { describePlace } from '../domain/provenance.ts';
import type { CommandState, RebuiltCommand } from '../domain/redistribution.ts';
import { context, section } from './blocks.ts';
import { clampMiddle, clampText } from './clamp-text.ts';
import { describeChange } from './command-change.ts';
import { describeCauses } from './describe-causes.ts';
import { codeBlock, codeSpan, escapeText } from './escape.ts';
import { foldNames } from './fold-names.ts';
import { countOf, listNames } from './wording.ts';

/** One command of a redistribution, with how far it got. */
export interface CommandView extends RebuiltCommand {
  readonly state: CommandState;
  readonly exitCode: number | null;
  /** The argv, quoted for a shell. */
  readonly quoted: string;
  /** The recipients that failed again, and those whose outcome stays open, as far as the server's log told. */
  readonly failedAgain?: readonly string[];
  readonly unclear?: readonly string[];
  /** Why it never ran, or why nobody knows how it went. */
  readonly note?: string | null;
}

/** A longer command is cut in its middle; the recipients are listed beside it, folded, anyway. */
export const commandShown = 300;
const changesShown = 3;

/**
 * One command of a redistribution: for which job, packages and recipients, why, the line that runs, how it
 * differs from the original and where in the log that was read; or why it can't be approved.
 */
export function renderCommand(command: CommandView, number: number): KnownBlock[] {
  const long = command.quoted.length > commandShown;
  const cut = long
    ? ` · cut in the middle here, runs whole for ${countOf(command.recipients.length, 'recipient')}`
    : '';
  return [
    section(`${titleLine(command, number)}\n${whoAndWhy(command)}`),
    section(`${refusalLine(command)}${codeBlock(clampMiddle(command.quoted, commandShown))}`),
    context(
      `${describeChange(command)}${cut} · in ${codeSpan(clampText(command.cwd, 120))} · ${provenanceText(command)}`,
    ),
    ...patternsOf(command),
  ];
}

/** How the recorder will tell who failed: the log gave them, so they are for a person to see. */
function patternsOf({ recorderFlags }: CommandView): KnownBlock[] {
  if (!recorderFlags) return [];
  return [context(`results read by ${codeSpan(clampMiddle(recorderFlags.join(' '), 2000))}`)];
}

function titleLine(command: CommandView, number: number): string {
  const job = `*${number}.*  job ${codeSpan(clampText(command.job, 80))}`;
  const attempt = `attempt ${command.attempt}`;
  const packages = `package ${listNames(command.packages, 5)}`;
  return [job, attempt, packages, statusText(command)].filter(Boolean).join(' · ');
}

function statusText({ state, exitCode, refusal }: CommandView): string {
  if (refusal !== null) return '';
  const exit = exitCode === null ? '' : ` (exit code ${exitCode})`;
  const words: Readonly<Record<CommandState, string>> = {
    planned: '',
    approved: 'waiting',
    running: ':arrow_forward: running',
    succeeded: `:white_check_mark: succeeded${exit}`,
    failed: `:x: failed${exit}`,
    unknown: ':grey_question: outcome unknown, look on the server',
    skipped: ':heavy_minus_sign: not started',
  };
  return words[state];
}

function whoAndWhy(command: CommandView): string {
  const recipients = clampText(foldNames(command.recipients), 250);
  const label = command.exitCode === null ? 'Failed recipients' : 'Recipients';
  return [
    `*${label} (${command.recipients.length})*  ${codeSpan(recipients)}`,
    `*Cause*  ${describeCauses(command.recipients, command.causes)}`,
    ...(command.untold?.length ? [untoldLine(command.untold)] : []),
    ...(command.changed ?? []).slice(0, changesShown).map(changeLine),
    ...(command.failedAgain?.length ? [failedAgainLine(command.failedAgain)] : []),
    ...(command.note ? [`>${escapeText(clampText(command.note.replaceAll(/\s+/g, ' '), 300))}`] : []),
  ].join('\n');
}

function untoldLine(untold: readonly string[]): string {
  return `:speech_balloon: *No alert told of (${untold.length})*  ${codeSpan(clampText(foldNames(untold), 250))}, only the log does`;
}

function changeLine(change: string): string {
  return `:warning: *Not as it was*: ${escapeText(clampText(change, 250))}`;
}

function failedAgainLine(failedAgain: readonly string[]): string {
  return `:x: *Failed again (${failedAgain.length})*  ${codeSpan(clampText(foldNames(failedAgain), 250))}`;
}

function refusalLine({ refusal }: CommandView): string {
  return refusal === null ? '' : `:no_entry: *Can't be approved*: ${escapeText(clampText(refusal, 300))}\n`;
}

function provenanceText({ provenance }: CommandView): string {
  const file = clampMiddle(provenance.file, 120);
  return `log ${codeSpan(describePlace({ ...provenance, file }))}`;
}
