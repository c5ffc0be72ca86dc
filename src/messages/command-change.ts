import { diffArgv } from '../domain/argv-diff.ts';
import type { RebuiltCommand } from '../domain/redistribution.ts';
import { clampText } from './clamp-text.ts';
import { codeSpan } from './escape.ts';
import { foldNames } from './fold-names.ts';

/**
 * How a rebuilt command differs from the one that ran first, as mrkdwn: `recipients narrowed from 210 to 200`
 * where the arguments prove it, else the arguments that changed.
 */
export function describeChange(
  command: Pick<RebuiltCommand, 'argv' | 'originalArgv' | 'recipients'>,
): string {
  const { removed: gone, added } = diffArgv(command.originalArgv, command.argv);
  if (gone.length === 0 && added.length === 0) return 'same arguments as the original command';
  const before = listLengthBefore(gone, added, command.recipients);
  if (before !== null) return `recipients narrowed from ${before} to ${command.recipients.length}`;
  if (added.length === 0) return `left out of the original: ${showArguments(gone)}`;
  return gone.length === 0
    ? `added to the original: ${showArguments(added)}`
    : `changed from the original: ${showArguments(gone)} → ${showArguments(added)}`;
}

/** Longer ones show that they are. */
const linesShown = 12;
const lineShown = 100;

/** What became of a command's arguments, a line each, as `- before` and `+ after`; nothing where they are the same. */
export function diffLines(before: readonly string[], after: readonly string[]): string {
  const { removed, added } = diffArgv(before, after);
  const lines = [
    ...removed.map((argument) => `- ${oneLine(argument)}`),
    ...added.map((argument) => `+ ${oneLine(argument)}`),
  ];
  const more = lines.length - linesShown;
  return [...lines.slice(0, linesShown), ...(more > 0 ? [`… ${more} more`] : [])].join('\n');
}

/** A line break in an argument must not look like another line. */
function oneLine(argument: string): string {
  return clampText(argument.replaceAll(/\r\n?|\n/g, ' ⏎ '), lineShown);
}

/** How many the original list named, where the only change is one list, now exactly the recipients; else null. */
function listLengthBefore(
  gone: readonly string[],
  added: readonly string[],
  recipients: readonly string[],
): number | null {
  if (gone.length !== 1 || added.length !== 1) return null;
  const before = new Set(listItems(gone[0] ?? ''));
  const after = listItems(added[0] ?? '');
  const wanted = new Set(recipients);
  const narrowed =
    after.length === wanted.size && after.every((item) => wanted.has(item) && before.has(item));
  return narrowed ? before.size : null;
}

/** The items of `a,b`, `a:b`, `a b` or `--limit=a,b`. */
function listItems(argument: string): string[] {
  return argument
    .replace(/^--?[A-Za-z][\w-]*=/, '')
    .split(/[,:\s]+/)
    .filter((item) => item !== '');
}

function showArguments(list: readonly string[]): string {
  if (list.length > 3) return codeSpan(clampText(foldNames(list), 120));
  return list.map((argument) => codeSpan(clampText(argument, 80))).join(' ');
}
