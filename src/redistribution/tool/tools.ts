import { ansible } from './ansible.ts';
import { clush, pdsh } from './parallel-shell.ts';
import { onceForEach } from './once-for-each.ts';
import { rsync } from './rsync.ts';
import type { Tool } from './tool.ts';
import { commandsOfScript, programOf, unwrap, type Wrapped } from './wrapper.ts';

const tools: readonly Tool[] = [ansible, clush, pdsh, rsync];

/** What is known of the program that a command calls; null: nothing. */
export function toolOf(argv: readonly string[]): Tool | null {
  const program = programOf(argv);
  return tools.find(({ programs }) => programs.some((name) => name === program)) ?? null;
}

/** A command's tool, and the part of the command that calls it. */
export interface ToolCall extends Wrapped {
  readonly tool: Tool;
}

/** Returns the tool that does the work, also behind `sudo`, `timeout` or `bash -c`; `null` if none is known. */
export const findTool = onceForEach((argv): ToolCall | null => {
  const inner = unwrap(argv, (one) => toolOf(one) !== null);
  const tool = toolOf(inner.argv);
  return tool && { ...inner, tool };
});

/**
 * Returns whether a command only tries, lists or explains itself (B8): whatever its exit code, nobody got anything. A
 * script does if each of its commands does.
 */
export function isTrial(argv: readonly string[]): boolean {
  const call = findTool(argv);
  if (call) return call.tool.isTrial(call.argv);
  const commands = commandsOfScript(argv) ?? [];
  return commands.length > 0 && commands.every(isTrial);
}

/** Programs whose arguments, files or environment decide whom they reach. */
const reaching: ReadonlySet<string> = new Set([...pdsh.programs, ...clush.programs, 'ansible-playbook']);

/**
 * Returns why a command that is no tool's may reach others all the same, in a sentence's end: one that names such a tool in its
 * arguments may run it, with whatever list. `null` if it names none.
 */
export function describeHidden(argv: readonly string[]): string | null {
  const words = argv.slice(1).flatMap((argument) => argument.split(/[\s;|&()"'`]+/));
  const hidden = words.map((word) => programOf([word])).find((word) => reaching.has(word));
  return hidden === undefined ? null : `it may run ${hidden}, and ${programOf(argv)} is not looked through`;
}

/**
 * Returns why a shell's script may reach others than these recipients, in a sentence's end: `null` if nothing in it does,
 * `undefined` for a command that is no shell's.
 */
export function describeScript(
  argv: readonly string[],
  recipients: readonly string[],
): string | null | undefined {
  const commands = commandsOfScript(argv);
  if (commands === undefined) return undefined;
  if (commands === null) return 'its script decides who gets it, when it runs';
  for (const command of commands) {
    const call = findTool(command);
    const reason = call ? call.tool.reach(call.argv, recipients) : describeHidden(command);
    if (reason !== null) return reason;
  }
  return null;
}
