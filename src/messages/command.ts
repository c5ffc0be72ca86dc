import type { KnownBlock } from '@slack/types';
import type { Person } from '../domain/chat.ts';
import { describePlace } from '../domain/provenance.ts';
import type { CommandState, RebuiltCommand } from '../domain/redistribution.ts';
import { actions } from './actions.ts';
import { button, buttonRow, context as contextBlock, section, sectionWith } from './blocks.ts';
import { clampMiddle, clampText } from './clamp-text.ts';
import { describeChange, diffLines } from './command-change.ts';
import { describeCauses } from './describe-causes.ts';
import { codeBlock, codeSpan, escapeText } from './escape.ts';
import { foldCommand } from './fold-command.ts';
import { foldNames } from './fold-names.ts';
import { causeInTable } from './job-table.ts';
import { pageValue } from './page-value.ts';
import { countOf, mention, showTime } from './wording.ts';

/** One command of a redistribution, with how far it got. */
export interface CommandView extends RebuiltCommand {
  readonly id: string;
  readonly state: CommandState;
  readonly exitCode: number | null;
  /** Whether it is to run. */
  readonly selected: boolean;
  /** As it was before people changed it; null: nobody did. */
  readonly rebuilt: RebuiltCommand | null;
  readonly changedBy: readonly Person[];
  readonly changedAt: Date | null;
  /** The argv, quoted for a shell. */
  readonly quoted: string;
  /** The variables that it sets, quoted; left out: none. */
  readonly quotedEnvironment?: string;
  /** What verifies it, quoted; left out: nothing does. */
  readonly quotedVerification?: string;
  /** The recipients that failed again, and those whose outcome stays open, as far as the server's log told. */
  readonly failedAgain?: readonly string[];
  readonly unclear?: readonly string[];
  /** Why it never ran, or why nobody knows how it went. */
  readonly note?: string | null;
}

/** A longer command is cut in its middle; the recipients are listed beside it, folded, anyway. */
export const commandShown = 300;
const environmentShown = 300;
const verificationShown = 200;
const patternsShown = 500;
const directoryShown = 120;
const changesShown = 3;

/**
 * One command of a redistribution: why, the line that runs, how it differs from the original and where in the log that
 * was read; or why it can't be approved. `canEdit`: with the button for it. What it is for stands in the table.
 */
export function renderCommand(
  command: CommandView,
  number: number,
  { timeZone, canEdit }: { timeZone: string; canEdit: boolean },
): KnownBlock[] {
  const text = [
    titleLine(command, number),
    ...marksOf(command),
    ...editLines(command, timeZone),
    `*Against the original*  ${describeChange(command)}`,
    `${refusalLine(command)}${codeBlock(clampMiddle(shownLine(command), commandShown))}`,
  ].join('\n');
  const edit = button('Edit…', actions.redistributionEdit, command.id);
  const whole = button('Show in full', actions.commandShowInFull, pageValue(command.id, 0));
  return [
    canEdit ? sectionWith(text, edit) : section(text),
    ...(isCut(command) ? [buttonRow([whole])] : []),
    contextBlock(smallPrint(command)),
  ];
}

/** Returns whether something that decides what it does is folded or cut here. */
function isCut({ quoted, quotedEnvironment, quotedVerification, recorderFlags, cwd }: CommandView): boolean {
  return (
    quoted.length > commandShown ||
    (quotedEnvironment?.length ?? 0) > environmentShown ||
    (quotedVerification?.length ?? 0) > verificationShown ||
    (recorderFlags?.join(' ').length ?? 0) > patternsShown ||
    cwd.length > directoryShown
  );
}

/** Shorter ones are shown as they run. */
function shownLine({ quoted, recipients }: CommandView): string {
  return quoted.length > commandShown ? foldCommand(quoted, recipients) : quoted;
}

function titleLine(command: CommandView, number: number): string {
  const title = `*${number}.*  job ${codeSpan(clampText(command.job, 80))}`;
  return command.selected ? title : `${title} · left out`;
}

function smallPrint(command: CommandView): string {
  const long = command.quoted.length > commandShown;
  const cut = `folded here, runs whole for ${countOf(command.recipients.length, 'recipient')}; in full in the thread`;
  return [
    ...(long ? [cut] : []),
    ...contextOf(command),
    ...verificationOf(command),
    ...patternsOf(command),
    ...comparisonOf(command),
    `in ${codeSpan(clampMiddle(command.cwd, directoryShown))}`,
    provenanceText(command),
  ].join(' · ');
}

/** The surroundings of the original, as far as they are set again or known. */
function contextOf({ quotedEnvironment, context }: CommandView): string[] {
  if (!context) return ['its log does not tell its environment'];
  const variables = quotedEnvironment ?? '';
  return [
    ...(variables === '' ? [] : [`with ${codeSpan(clampMiddle(variables, environmentShown))}`]),
    ...(context.user === null ? [] : [`ran as ${codeSpan(clampText(context.user, 60))}`]),
    ...(context.version === null ? [] : [`by ${codeSpan(clampText(context.version, 60))}`]),
  ];
}

/** How the recorder will tell who failed: the log gave them, so they are for a person to see. */
function patternsOf({ recorderFlags }: CommandView): string[] {
  return recorderFlags
    ? [`results read by ${codeSpan(clampMiddle(recorderFlags.join(' '), patternsShown))}`]
    : [];
}

function comparisonOf({ comparedBySize }: CommandView): string[] {
  if (!comparedBySize?.length) return [];
  const paths = codeSpan(clampMiddle(comparedBySize.join(' '), 150));
  return [`packages compared by size and time alone ${paths}`];
}

function verificationOf({ quotedVerification }: CommandView): string[] {
  if (quotedVerification === undefined) return [];
  return [`then verified by ${codeSpan(clampMiddle(quotedVerification, verificationShown))}`];
}

/** One cause that fits into the table stands there. */
function causeOf({ recipients, causes }: CommandView): string[] {
  const isInTable = new Set(causes).size === 1 && (causes[0] ?? '').length <= causeInTable;
  return isInTable ? [] : [`*Cause*  ${describeCauses(recipients, causes)}`];
}

function marksOf(command: CommandView): string[] {
  return [
    ...causeOf(command),
    ...(command.confidence === 'inferred' ? [inferredLine] : []),
    ...(command.mayReachOthers === undefined ? [] : [reachLine(command.mayReachOthers)]),
    ...(command.untold?.length ? [untoldLine(command.untold)] : []),
    ...(command.changed ?? []).slice(0, changesShown).map(changeLine),
    ...(command.failedAgain?.length ? [failedAgainLine(command.failedAgain)] : []),
    ...(command.note ? [`>${escapeText(clampText(command.note.replaceAll(/\s+/g, ' '), 300))}`] : []),
  ];
}

/** Who changed it, and what is other than it was rebuilt (B11). */
function editLines({ rebuilt, changedBy, changedAt, argv }: CommandView, timeZone: string): string[] {
  const last = changedBy.at(-1);
  if (rebuilt === null || last === undefined || changedAt === null) return [];
  const who = `:pencil2: *Changed* by ${mention(last.userId)} ${showTime(changedAt, timeZone)}`;
  const difference = diffLines(rebuilt.argv, argv);
  if (difference !== '') return [`${who}, against what was rebuilt:`, codeBlock(difference)];
  const isReordered = rebuilt.argv.some((argument, index) => argument !== argv[index]);
  return [
    `${who}: ${isReordered ? 'the arguments stand in another order' : 'for another list of recipients'}`,
  ];
}

const inferredLine =
  ':mag: *Inferred*: the log does not have these arguments as they were; they were put together from what it says';

function reachLine(reason: string): string {
  return `:warning: *May reach others*: ${escapeText(clampText(reason, 250))}`;
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
