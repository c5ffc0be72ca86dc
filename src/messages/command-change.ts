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
  const gone = without(command.originalArgv, command.argv);
  const added = without(command.argv, command.originalArgv);
  if (gone.length === 0 && added.length === 0) return 'same arguments as the original command';
  const before = listLengthBefore(gone, added, command.recipients);
  if (before !== null) return `recipients narrowed from ${before} to ${command.recipients.length}`;
  if (added.length === 0) return `left out of the original: ${showArguments(gone)}`;
  return gone.length === 0
    ? `added to the original: ${showArguments(added)}`
    : `changed from the original: ${showArguments(gone)} → ${showArguments(added)}`;
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

/** The arguments of `all` that `taken` does not have, counting repeats. */
function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const argument of taken) left.set(argument, (left.get(argument) ?? 0) + 1);
  return all.filter((argument) => {
    const count = left.get(argument) ?? 0;
    if (count > 0) left.set(argument, count - 1);
    return count === 0;
  });
}

function showArguments(list: readonly string[]): string {
  if (list.length > 3) return codeSpan(clampText(foldNames(list), 120));
  return list.map((argument) => codeSpan(clampText(argument, 80))).join(' ');
}
