import { findExcess } from '../domain/command-size.ts';
import type { RebuiltCommand } from '../domain/redistribution.ts';
import type { ServerProfile } from '../domain/server.ts';
import { describeReach, narrowArgv, wordsOf } from './narrow.ts';
import { nothingFailed } from './rebuild.ts';
import { issueArgv } from './recorder.ts';
import { type ArgumentFault, matchTemplate } from './template.ts';

type Rules = Pick<ServerProfile, 'allowed' | 'recorder'>;

/** A command as a person changed it, or why it can't be so. */
export type Revision =
  | { readonly taken: true; readonly command: RebuiltCommand }
  /** Never empty. */
  | { readonly taken: false; readonly faults: readonly ArgumentFault[] };

/**
 * The command for the whole original list, as it was run first (B9). What could not be narrowed may be allowed so; what is
 * refused for any other reason stays refused.
 */
export function widenCommand(command: RebuiltCommand, rules: Rules): RebuiltCommand {
  if (command.refusal !== null && command.refusedFor !== 'recipients') return command;
  const recipients = command.originalRecipients;
  const everybody = { keep: new Set(recipients), leaveOut: new Set<string>() };
  const narrowing = narrowArgv(command.originalArgv, everybody, null, () => null);
  const argv = narrowing.narrowed ? narrowing.argv : command.originalArgv;
  const whole = retarget(command, argv, recipients);
  const [fault] = findFaults(whole, rules);
  return fault ? { ...whole, refusal: fault.reason, refusedFor: 'arguments' } : whole;
}

/**
 * The command with other arguments (B11), if the server's templates allow them. It is for those of the original's recipients
 * whom the arguments still name; where they never named any, whom it is for can't change.
 */
export function editCommand(command: RebuiltCommand, argv: readonly string[], rules: Rules): Revision {
  if (command.refusedFor === 'circumstances' && command.refusal !== null) {
    return { taken: false, faults: [{ reason: command.refusal, index: null }] };
  }
  const recipients = recipientsIn(command, argv);
  if (recipients.length === 0) {
    return { taken: false, faults: [{ reason: 'these arguments name none of its recipients', index: null }] };
  }
  const edited = retarget(command, argv, recipients);
  const faults = findFaults(edited, rules);
  return faults.length === 0 ? { taken: true, command: edited } : { taken: false, faults };
}

/** The command with these arguments for these recipients, as nobody has judged it yet. */
function retarget(
  command: RebuiltCommand,
  argv: readonly string[],
  recipients: readonly string[],
): RebuiltCommand {
  const { refusal: _refusal, refusedFor: _refusedFor, mayReachOthers: _mayReachOthers, ...rest } = command;
  const causeOf = new Map(command.recipients.map((name, index) => [name, command.causes[index]]));
  const causes = recipients.map((name) => causeOf.get(name) ?? nothingFailed);
  const reason = describeReach(argv, recipients, command.server);
  const reach = reason === null ? {} : { mayReachOthers: reason };
  return { ...rest, ...reach, argv, recipients, causes, refusal: null };
}

/** Whether two commands do the same, for the same recipients. */
export function isSameCommand(one: RebuiltCommand, other: RebuiltCommand): boolean {
  return isSameList(one.argv, other.argv) && isSameList(one.recipients, other.recipients);
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

function findFaults(command: RebuiltCommand, { allowed, recorder }: Rules): readonly ArgumentFault[] {
  const match = matchTemplate(command, allowed);
  if (!match.allowed) return [{ reason: match.reason, index: match.index }, ...match.further];
  const excess = findExcess(issueArgv(command, recorder));
  return excess === null ? [] : [{ reason: excess, index: null }];
}

function recipientsIn(command: RebuiltCommand, argv: readonly string[]): readonly string[] {
  const known = [...new Set([...command.recipients, ...command.originalRecipients])];
  const before = wordsOf(command.argv);
  if (!command.recipients.every((name) => before.has(name))) return command.recipients;
  const after = wordsOf(argv);
  return known.filter((name) => after.has(name));
}
