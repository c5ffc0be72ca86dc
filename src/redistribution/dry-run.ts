import { diffArgv } from '../domain/argv-diff.ts';
import type { CommandTemplate, DryRunCounts, RebuiltCommand } from '../domain/redistribution.ts';
import { type CountedCommand, sumHosts } from './count-hosts.ts';
import { digestTrials } from './digest.ts';
import { matchTemplate } from './template.ts';
import type { Trial } from './tool/tool.ts';
import { toolOf } from './tool/tools.ts';

export type DryRunPlan =
  | ({ readonly possible: true } & Trial)
  | { readonly possible: false; readonly reason: string };

/** Counts the commands that a dry run can try, free and on approval; `null` if there is none. */
export function countDryRuns(commands: readonly CountedCommand[]): DryRunCounts | null {
  const trials = commands.flatMap(({ command, rebuilt = null }) => {
    const trial = toolOf(command.argv)?.dryRun(command.argv) ?? null;
    return trial === null ? [] : [{ command, rebuilt, trial }];
  });
  const toApprove = trials.filter(({ trial }) => trial.effect !== null);
  if (trials.length === 0) return null;
  return {
    free: trials.length - toApprove.length,
    toApprove: toApprove.length,
    effects: [...new Set(toApprove.map(({ trial }) => `${programOf(trial)} ${trial.effect}`))].slice(0, 3),
    recipients: toApprove.reduce((sum, { command }) => sum + command.recipients.length, 0),
    hosts: sumHosts(toApprove),
    digest: toApprove.length === 0 ? null : digestTrials(toApprove),
  };
}

/**
 * Returns the command as its tool tries it (B11). The command must be allowed as it is; the tool adds flags of its own and
 * nothing else.
 */
export function planDryRun(
  command: Pick<RebuiltCommand, 'argv' | 'cwd' | 'refusal'>,
  templates: readonly CommandTemplate[],
): DryRunPlan {
  if (command.refusal !== null) return { possible: false, reason: command.refusal };
  const match = matchTemplate(command, templates);
  if (!match.allowed) return { possible: false, reason: match.reason };
  const trial = toolOf(command.argv)?.dryRun(command.argv) ?? null;
  if (trial === null) return { possible: false, reason: 'its tool has no dry run for it' };
  const { added, removed } = diffArgv(command.argv, trial.argv);
  if (removed.length > 0 || added.some((flag) => !/^--?[A-Za-z][A-Za-z-]*$/.test(flag))) {
    return { possible: false, reason: 'its dry run would be another command' };
  }
  return { possible: true, ...trial };
}

function programOf({ argv }: Trial): string {
  return argv[0]?.split('/').at(-1) ?? '';
}

/** Keeps of the environment what rsync and ssh need; RESTAGE_RUN is how a run is found to be stopped. */
const kept = ['PATH', 'SSH_AUTH_SOCK', 'RESTAGE_RUN', 'LANG', 'LC_ALL'];
const script = `exec env -i HOME=/nonexistent ${kept.map((name) => `\${${name}+"${name}=$${name}"}`).join(' ')} "$@"`;

/**
 * Returns a free trial as it is issued: with an environment of ours, since `RSYNC_RSH`, `RSYNC_CONNECT_PROG` and the aliases
 * of `~/.popt` make other flags of it.
 */
export function issueFreely(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', script, 'sh', ...argv];
}
