import type { CommandTemplate } from '../domain/redistribution.ts';
import { type ArgumentRole, readRoles } from './arguments.ts';
import { refuseNarrowing, type Narrowing } from './tool/tool.ts';
import { toolOf } from './tool/tools.ts';

interface Recipients {
  readonly keep: ReadonlySet<string>;
  readonly leaveOut: ReadonlySet<string>;
}

/**
 * The command for some of its recipients (B9), as its tool wants it, or for a tool that nobody knows by `narrowLists`. The
 * whole list is the command as it was.
 */
export function narrowArgv(
  argv: readonly string[],
  recipients: Recipients,
  packages: readonly string[],
  chooseTemplate: () => CommandTemplate | null,
): Narrowing {
  if (recipients.leaveOut.size === 0) return { narrowed: true, argv };
  const tool = toolOf(argv);
  return tool
    ? tool.narrow(argv, [...recipients.keep])
    : narrowLists(argv, recipients, packages, chooseTemplate());
}

/**
 * Takes recipients out of a command: arguments that are a recipient's name, and comma lists of names, alone or as
 * `--flag=list`. What gets empty goes, with the flag before it when the template says that this flag takes a value.
 * Everything else stays as it was. It is refused when a recipient to leave out is not found, is still named somewhere
 * (`host:/path`), or when nobody is left: a tool without a list may well take all.
 */
function narrowLists(
  argv: readonly string[],
  recipients: Recipients,
  packages: readonly string[],
  template: CommandTemplate | null,
): Narrowing {
  const roles = template ? readRoles(argv, template) : [];
  const kept: string[] = [argv[0] ?? ''];
  const removed = new Set<string>();
  let keepers = 0;
  for (const [index, argument] of argv.entries()) {
    if (index === 0) continue;
    const found = readList(argument, recipients);
    const left = found?.names.filter((name) => recipients.keep.has(name)) ?? [];
    for (const name of found?.names ?? []) if (recipients.leaveOut.has(name)) removed.add(name);
    keepers += left.length;
    if (!found || left.length > 0) kept.push(found ? found.prefix + left.join(',') : argument);
    else if (isValueOfFlag(roles, index)) kept.pop();
  }
  const reason = findDoubt(kept, keepers, removed, recipients.leaveOut, packages);
  return reason ? refuseNarrowing(reason) : { narrowed: true, argv: kept };
}

function isValueOfFlag(roles: readonly ArgumentRole[], index: number): boolean {
  return roles[index]?.role === 'value';
}

/** The argument as a list that consists of recipients only; null: it is something else. */
function readList(
  argument: string,
  { keep, leaveOut }: Recipients,
): { prefix: string; names: string[] } | null {
  const prefix = /^--?[^=]+=/.exec(argument)?.[0] ?? '';
  const names = argument.slice(prefix.length).split(',');
  return names.every((name) => keep.has(name) || leaveOut.has(name)) ? { prefix, names } : null;
}

function findDoubt(
  argv: readonly string[],
  keepers: number,
  removed: ReadonlySet<string>,
  leaveOut: ReadonlySet<string>,
  packages: readonly string[],
): string | null {
  const missing = [...leaveOut].filter((name) => !removed.has(name));
  if (missing.length > 0) {
    return `cannot leave out ${list(missing)}: the command does not name ${missing.length === 1 ? 'it' : 'them'} as an argument or in a comma list`;
  }
  const ambiguous = packages.filter((name) => removed.has(name));
  if (ambiguous.length > 0)
    return `${list(ambiguous)} is both a package and a recipient; cannot tell which one to leave out`;
  const oddNames = [...leaveOut].filter((name) => !wholeWord.test(name));
  for (const [index, argument] of argv.entries()) {
    const named = findWord(argument, leaveOut) ?? oddNames.find((name) => argument.includes(name));
    if (named !== undefined)
      return `argument ${index} (${JSON.stringify(argument)}) still names ${named}, which is to be left out`;
  }
  if (keepers === 0) return 'nobody is left in the command’s lists; the tool might take that for everybody';
  return null;
}

const wholeWord = /^[A-Za-z0-9._-]+$/;

/** A name that stands in the text as a word of its own; words are made of letters, digits, dots, dashes, underscores. */
function findWord(text: string, names: ReadonlySet<string>): string | undefined {
  for (const [word] of text.matchAll(/[A-Za-z0-9._-]+/g)) if (names.has(word)) return word;
  return undefined;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
