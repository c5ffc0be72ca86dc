import type { CommandRecord } from '../../domain/store/redistributions.ts';
import { isInDoubt } from '../../domain/redistribution.ts';
import type { Runnable } from '../../redistribution/decide-approval.ts';
import { digestCommands } from '../../redistribution/digest.ts';
import { matchTemplate } from '../../redistribution/template.ts';
import type { Deps } from '../deps.ts';

/** Those of a proposal's commands that an approval is about. */
export function runnableCommands(commands: readonly CommandRecord[]): readonly CommandRecord[] {
  return commands.filter(({ command, selected }) => selected && command.refusal === null);
}

/** What an approval of these commands is bound to; null: there is nothing to approve. */
export function digestOf(commands: readonly CommandRecord[]): string | null {
  const runnable = runnableCommands(commands);
  return runnable.length === 0 ? null : digestCommands(runnable.map(({ command }) => command));
}

/** How many recipients the commands of an approval are for, those of several commands counted in each. */
export function countRecipients(commands: readonly CommandRecord[]): number {
  return runnableCommands(commands).reduce((sum, { command }) => sum + command.recipients.length, 0);
}

/** The commands as they would run now: the config may have changed since they were proposed. */
export function judgeRunnable(deps: Deps, server: string, commands: readonly CommandRecord[]): Runnable {
  const runnable = runnableCommands(commands);
  return {
    digest: digestOf(commands),
    marked: runnable.filter(({ command }) => isInDoubt(command)).length,
    changedBy: runnable.flatMap(({ changedBy }) => changedBy),
    recipients: countRecipients(commands),
    refusal: refuseAny(deps, server, runnable),
  };
}

function refuseAny(deps: Deps, server: string, commands: readonly CommandRecord[]): string | null {
  const profile = deps.policies.servers.get(server);
  if (!profile) return `there is no server ${server}`;
  for (const { command } of commands) {
    const match = matchTemplate(command, profile.allowed);
    if (!match.allowed) return match.reason;
  }
  return null;
}
