import type { TableBlock } from '@slack/types';
import type { CommandState } from '../domain/redistribution.ts';
import { table } from './blocks.ts';
import { clampText } from './clamp-text.ts';
import type { CommandView } from './command.ts';
import { plainLine } from './escape.ts';
import { foldNames } from './fold-names.ts';

const head = ['#', 'Job', 'Attempt', 'Packages', 'Recipients', 'Parameters', 'Cause', 'State'];
/** Characters of a cause that the table shows. */
export const causeInTable = 80;
/** The numbers. */
const rightColumns = [0, 2];

/** Jobs at a glance (B10), a row for each command; `first` is the number of the first one. */
export function renderJobTable(commands: readonly CommandView[], first: number): TableBlock {
  const rows = commands.map((command, index) => jobRow(command, first + index));
  return table([head, ...rows], rightColumns);
}

/** A command's row in the table; each cell is cut to a length that people still read. */
function jobRow(command: CommandView, number: number): string[] {
  const recipients = `${command.recipients.length}: ${foldNames(command.recipients)}`;
  return [
    String(number),
    cell(command.job, 60),
    String(command.attempt),
    cell(command.packages.join(', '), 60),
    cell(recipients, 80),
    cell(parametersOf(command).join(' '), 80),
    cell([...new Set(command.causes)].join('; '), causeInTable),
    cell(describeState(command), 80),
  ];
}

function cell(untrusted: string, max: number): string {
  return clampText(plainLine(clampText(untrusted, max * 4)), max);
}

function describeState({ state, exitCode, refusal, selected }: CommandView): string {
  if (state === 'planned') return plannedWord(refusal, selected);
  const exit = exitCode === null ? '' : ` (exit code ${exitCode})`;
  const words: Readonly<Record<CommandState, string>> = {
    planned: '',
    approved: '⏳ waiting',
    running: '▶ running',
    succeeded: `✅ succeeded${exit}`,
    failed: `❌ failed${exit}`,
    unknown: `❓ outcome unknown${exit}, look on the server`,
    skipped: '➖ not started',
  };
  return words[state];
}

function plannedWord(refusal: string | null, selected: boolean): string {
  if (refusal !== null) return "⛔ can't be approved";
  return selected ? 'to run' : 'left out';
}

/** What was asked of the tool, beside whom it is for and what it brings: those have columns of their own. */
function parametersOf({ argv, recipients, packages }: CommandView): string[] {
  const named = new Set([...recipients, ...packages]);
  const kept: string[] = [];
  for (const argument of argv.slice(1)) {
    const names = argument.split(',');
    if (!names.every((name) => named.has(name))) {
      kept.push(foldValue(argument));
      continue;
    }
    const flag = kept.at(-1);
    if (flag?.startsWith('-') && !flag.includes('=')) kept.pop();
  }
  return kept;
}

/** `--limit=client-011,client-012` is read as `--limit=client-[011-012]`. */
function foldValue(argument: string): string {
  const [, flag, value] = /^(--?[^=\s]+=)([^]*,[^]*)$/.exec(argument) ?? [];
  return flag === undefined || value === undefined ? argument : `${flag}${foldNames(value.split(','))}`;
}
