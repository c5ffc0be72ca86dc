import { type CommandTemplate, freeArguments, type RecipientList } from '../domain/redistribution.ts';
import { readRoles } from './arguments.ts';
import { refuseNarrowing, type Narrowing } from './tool/tool.ts';
import { describeHidden, describeScript, findTool } from './tool/tools.ts';

interface Recipients {
  readonly keep: ReadonlySet<string>;
  readonly leaveOut: ReadonlySet<string>;
}

/**
 * Returns the command for some of its recipients (B9): as its tool wants it, or by the list that the record or the config
 * names. Of a tool that nobody knows nothing else is taken for a list: what looks like one may be a relay, or a parameter.
 * Returns a command unchanged that reaches exactly those already.
 */
export function narrowArgv(
  argv: readonly string[],
  recipients: Recipients,
  recorded: RecipientList | null,
  chooseTemplate: () => CommandTemplate | null,
): Narrowing {
  const keep = [...recipients.keep];
  const isWhole = recipients.leaveOut.size === 0;
  const call = findTool(argv);
  if (call) {
    if (isWhole && call.tool.reach(call.argv, keep) === null) return { narrowed: true, argv };
    const narrowing = call.tool.narrow(call.argv, keep);
    return narrowing.narrowed ? { narrowed: true, argv: call.wrap(narrowing.argv) } : narrowing;
  }
  if (isWhole) return { narrowed: true, argv };
  const template = chooseTemplate();
  const list = recorded ?? template?.list ?? null;
  if (list === null) return refuseNarrowing('nothing says which of its arguments are the list of recipients');
  return narrowList(argv, recipients, list, template);
}

/**
 * Returns why the command may reach others than these recipients, in a sentence's end; `null` if its arguments name them and
 * nobody else. A tool that nobody knows is trusted to reach those that it names.
 */
export function describeReach(
  argv: readonly string[],
  recipients: readonly string[],
  server: string,
): string | null {
  const call = findTool(argv);
  if (call) return call.tool.reach(call.argv, recipients);
  const script = describeScript(argv, recipients);
  const reason = script === undefined ? describeHidden(argv) : script;
  if (reason !== null) return reason;
  const words = wordsOf(argv);
  const unnamed = recipients.find((name) => name !== server && !words.has(name));
  return unnamed === undefined ? null : `its arguments do not name ${unnamed}`;
}

/** Returns all that could be a name in the arguments: between separators, with and without a user before it. */
export function wordsOf(argv: readonly string[]): ReadonlySet<string> {
  return new Set(argv.flatMap((argument) => [argument, ...argument.split(/[^A-Za-z0-9._-]+/)]));
}

/**
 * Takes recipients out of the list that is named: the values of a flag (`--to a,b`, `--to=a`, `--to a --to b`, `--to a b`), or
 * the arguments that belong to no flag. Keeps all else, and the spelling of each kept item (`deploy@a`). It is
 * refused where one to leave out is not in the list, and where nobody is left: a tool without a list may well take all.
 */
function narrowList(
  argv: readonly string[],
  recipients: Recipients,
  list: RecipientList,
  template: CommandTemplate | null,
): Narrowing {
  const isRecipient = (item: string) => nameIn(item, recipients) !== null;
  const named = new Set<string>();
  let keepers = 0;
  const kept = splitList(argv, list, template, isRecipient).flatMap(({ flag, items }) => {
    const left = items.flatMap(({ prefix, names }) => {
      names.forEach((name) => named.add(nameIn(name, recipients) ?? name));
      const rest = names.filter((name) => !recipients.leaveOut.has(nameIn(name, recipients) ?? name));
      keepers += rest.filter(isRecipient).length;
      return rest.length > 0 ? [prefix + rest.join(',')] : [];
    });
    return items.length > 0 && left.length === 0 ? [] : [...flag, ...left];
  });
  const missing = [...recipients.leaveOut].filter((name) => !named.has(name));
  if (missing.length > 0)
    return refuseNarrowing(`its list (${list.join(', ')}) does not name ${enumerate(missing)}`);
  if (keepers > 0) return { narrowed: true, argv: kept };
  return refuseNarrowing('nobody is left in its list; the tool might take that for everybody');
}

/** Arguments that stand or fall together: those of the list, with the flag before them, or any others. */
interface Part {
  readonly flag: readonly string[];
  readonly items: readonly { readonly prefix: string; readonly names: readonly string[] }[];
}

function splitList(
  argv: readonly string[],
  list: RecipientList,
  template: CommandTemplate | null,
  isRecipient: (item: string) => boolean,
): readonly Part[] {
  const roles = template ? readRoles(argv, template) : null;
  // Without a template nobody knows which flags take a value: keep what follows one.
  const isFree = (index: number) =>
    list.includes(freeArguments) &&
    (roles === null ? !(argv[index - 1] ?? '').startsWith('-') : roles[index]?.role === 'argument');
  const parts: { flag: string[]; items: Part['items'][number][] }[] = [{ flag: argv.slice(0, 1), items: [] }];
  let open: { readonly items: Part['items'][number][] } | null = null;
  for (const [index, argument] of argv.entries()) {
    if (index === 0) continue;
    const isFlag = argument.startsWith('-');
    const names = argument.split(',');
    const prefix = list.map((flag) => `${flag}=`).find((one) => isFlag && argument.startsWith(one));
    if (!isFlag && open && (open.items.length === 0 || names.every(isRecipient))) {
      open.items.push({ prefix: '', names });
      continue;
    }
    const part: (typeof parts)[number] = { flag: [], items: [] };
    parts.push(part);
    open = isFlag && list.includes(argument) ? part : null;
    if (prefix !== undefined) part.items.push({ prefix, names: argument.slice(prefix.length).split(',') });
    else if (!isFlag && isFree(index)) part.items.push({ prefix: '', names });
    else part.flag.push(argument);
  }
  return parts;
}

/** The recipient that an item of a list names, with or without a user before it; `null` if it is none. */
function nameIn(item: string, { keep, leaveOut }: Recipients): string | null {
  const names = [item, item.slice(item.lastIndexOf('@') + 1)];
  return names.find((name) => keep.has(name) || leaveOut.has(name)) ?? null;
}

function enumerate(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
