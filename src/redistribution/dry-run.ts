import { diffArgv } from '../domain/argv-diff.ts';
import type { CommandTemplate, RebuiltCommand } from '../domain/redistribution.ts';
import { matchTemplate } from './template.ts';
import { toolOf } from './tool/tools.ts';

export type DryRunPlan =
  | { readonly possible: true; readonly argv: readonly string[] }
  | { readonly possible: false; readonly reason: string };

/** Whether the command's tool can try it without changing anything. */
export function hasDryRun({ argv }: Pick<RebuiltCommand, 'argv'>): boolean {
  return (toolOf(argv)?.dryRun(argv) ?? null) !== null;
}

/**
 * The command as a trial that changes nothing (B11). It must be allowed as it is; its tool adds flags of its own and nothing
 * else, so that a trial can never do more than the command.
 */
export function planDryRun(
  command: Pick<RebuiltCommand, 'argv' | 'cwd' | 'refusal'>,
  templates: readonly CommandTemplate[],
): DryRunPlan {
  if (command.refusal !== null) return { possible: false, reason: command.refusal };
  const match = matchTemplate(command, templates);
  if (!match.allowed) return { possible: false, reason: match.reason };
  const argv = toolOf(command.argv)?.dryRun(command.argv) ?? null;
  if (argv === null) return { possible: false, reason: 'its tool has no dry run for it' };
  const { added, removed } = diffArgv(command.argv, argv);
  if (removed.length > 0 || added.some((flag) => !/^--?[A-Za-z][A-Za-z-]*$/.test(flag))) {
    return { possible: false, reason: 'its dry run would be another command' };
  }
  return { possible: true, argv };
}
