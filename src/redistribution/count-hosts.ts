import type { RebuiltCommand } from '../domain/redistribution.ts';
import { rsync } from './tool/rsync.ts';
import { findTool } from './tool/tools.ts';
import { commandsOfScript } from './tool/wrapper.ts';

/** A command, and what it was before people edited it. */
export interface CountedCommand {
  readonly command: RebuiltCommand;
  /** `null` or left out if nobody edited it. */
  readonly rebuilt?: RebuiltCommand | null;
}

/**
 * Returns how many hosts a command reaches, never less than it has recipients: those in its arguments where its tool names
 * them there (B10). `null` if they cannot be counted: a group, a file, an inventory, or an edit of a tool nobody knows.
 */
export function countHosts({ command, rebuilt = null }: CountedCommand): number | null {
  const { argv, recipients } = command;
  const call = findTool(argv);
  if (call === null) {
    if (command.mayReachOthers !== undefined || commandsOfScript(argv) !== undefined) return null;
    return rebuilt === null || isOfSameShape(command) ? recipients.length : null;
  }
  // It has one target, which may be a folder here.
  if (call.tool === rsync) return recipients.length;
  const targets = call.tool.targets(call.argv);
  if (targets !== null) return new Set([...targets, ...recipients]).size;
  return call.tool.reach(call.argv, recipients) === null ? recipients.length : null;
}

/** Returns the hosts of several commands, those of more than one counted in each; `null` if one's cannot be counted. */
export function sumHosts(commands: readonly CountedCommand[]): number | null {
  let sum = 0;
  for (const one of commands) {
    const hosts = countHosts(one);
    if (hosts === null) return null;
    sum += hosts;
  }
  return sum;
}

/** Returns whether a command may reach more than its recipients. */
export function mayReachOthers(one: CountedCommand): boolean {
  const { mayReachOthers: reason, recipients } = one.command;
  return reason !== undefined || (countHosts(one) ?? 0) > recipients.length;
}

/** Returns whether it differs from the original only in the recipients that its lists name. */
function isOfSameShape({ argv, originalArgv, originalRecipients, recipients }: RebuiltCommand): boolean {
  const names = new Set([...originalRecipients, ...recipients]);
  const [shape, original] = [argv, originalArgv].map((one) => shapeOf(one, names));
  return JSON.stringify(shape) === JSON.stringify(original);
}

function shapeOf(argv: readonly string[], names: ReadonlySet<string>): readonly string[] {
  return argv.flatMap((argument) => {
    const prefix = /^--?[^=]+=/.exec(argument)?.[0] ?? '';
    const list = argument.slice(prefix.length).split(',');
    if (!list.every((name) => names.has(name))) return [argument];
    return prefix === '' ? [] : [prefix];
  });
}
