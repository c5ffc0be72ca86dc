import { findExcess } from '../domain/command-size.ts';
import type { RebuiltCommand } from '../domain/redistribution.ts';
import type { ServerProfile } from '../domain/server.ts';
import { issueArgv } from './recorder.ts';
import { matchTemplate } from './template.ts';

type Rules = Pick<ServerProfile, 'allowed' | 'recorder'>;

/** A command as a person changed it, or why it can't be so. */
export type Revision =
  | { readonly taken: true; readonly command: RebuiltCommand }
  /** `index` is that of the argument at fault; null: it is no single one. */
  | { readonly taken: false; readonly reason: string; readonly index: number | null };

/** What stands for a recipient who is run for again though nothing failed. */
const nothingFailed = 'nothing failed; it is on the original list';

/**
 * The command for the whole original list, as it was run first (B9). What could not be narrowed may be allowed so; what is
 * refused for any other reason stays refused.
 */
export function widenCommand(command: RebuiltCommand, rules: Rules): RebuiltCommand {
  if (command.refusal !== null && command.refusedFor !== 'recipients') return command;
  const { refusal: _refusal, refusedFor: _refusedFor, ...rest } = command;
  const causeOf = new Map(command.recipients.map((name, index) => [name, command.causes[index]]));
  const recipients = command.originalRecipients;
  const causes = recipients.map((name) => causeOf.get(name) ?? nothingFailed);
  const whole = { ...rest, argv: command.originalArgv, recipients, causes, refusal: null };
  const fault = findFault(whole, rules);
  return fault === null ? whole : { ...whole, refusal: fault.reason, refusedFor: 'arguments' };
}

/**
 * The command with other arguments (B11), if the server's templates allow them. It is for those of the original's recipients
 * whom the arguments still name; where they never named any, whom it is for can't change.
 */
export function editCommand(command: RebuiltCommand, argv: readonly string[], rules: Rules): Revision {
  if (command.refusedFor === 'circumstances' && command.refusal !== null) {
    return { taken: false, reason: command.refusal, index: null };
  }
  const recipients = recipientsIn(command, argv);
  if (recipients.length === 0) {
    return { taken: false, reason: 'these arguments name none of its recipients', index: null };
  }
  const { refusal: _refusal, refusedFor: _refusedFor, ...rest } = command;
  const causeOf = new Map(command.recipients.map((name, index) => [name, command.causes[index]]));
  const causes = recipients.map((name) => causeOf.get(name) ?? nothingFailed);
  const edited = { ...rest, argv, recipients, causes, refusal: null };
  const fault = findFault(edited, rules);
  return fault === null ? { taken: true, command: edited } : { taken: false, ...fault };
}

/** Whether two commands do the same, for the same recipients. */
export function isSameCommand(one: RebuiltCommand, other: RebuiltCommand): boolean {
  return isSameList(one.argv, other.argv) && isSameList(one.recipients, other.recipients);
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function findFault(
  command: RebuiltCommand,
  { allowed, recorder }: Rules,
): { readonly reason: string; readonly index: number | null } | null {
  const match = matchTemplate(command, allowed);
  if (!match.allowed) return match;
  const excess = findExcess(issueArgv(command, recorder));
  return excess === null ? null : { reason: excess, index: null };
}

function recipientsIn(command: RebuiltCommand, argv: readonly string[]): readonly string[] {
  const known = [...new Set([...command.recipients, ...command.originalRecipients])];
  const before = wordsOf(command.argv);
  if (!command.recipients.every((name) => before.has(name))) return command.recipients;
  const after = wordsOf(argv);
  return known.filter((name) => after.has(name));
}

/** All that could be a name in the arguments: between separators, with and without a user before it. */
function wordsOf(argv: readonly string[]): ReadonlySet<string> {
  return new Set(argv.flatMap((argument) => [argument, ...argument.split(/[^A-Za-z0-9._-]+/)]));
}
