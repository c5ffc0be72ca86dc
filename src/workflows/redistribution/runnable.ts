import type { RunBinding } from '../../domain/redistribution.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Runnable } from '../../redistribution/decide-approval.ts';
import { digestCommands } from '../../redistribution/digest.ts';
import { isRunnable, type Planned, planOf } from '../../redistribution/plan.ts';
import { matchTemplate } from '../../redistribution/template.ts';
import type { Deps } from '../deps.ts';
import { type BindingNow, findDrift } from './run-binding.ts';

/** Those of a proposal's commands that an approval is about. */
export function runnableCommands<Command extends Planned>(commands: readonly Command[]): readonly Command[] {
  return commands.filter(isRunnable);
}

/** What an approval of these commands is bound to; null: there is nothing to approve. */
export function digestOf(commands: readonly Planned[], binding: RunBinding | null): string | null {
  const runnable = runnableCommands(commands);
  return runnable.length === 0
    ? null
    : digestCommands(
        runnable.map(({ command }) => command),
        binding,
      );
}

/** The commands as they would run now: the config may have changed since they were proposed. */
export function judgeRunnable(
  deps: Deps,
  { server, binding }: Pick<RedistributionRecord, 'server' | 'binding'>,
  commands: readonly CommandRecord[],
  now: BindingNow,
): Runnable {
  const runnable = runnableCommands(commands);
  const { inDoubt, hosts = null } = planOf(commands);
  return {
    digest: digestOf(commands, binding),
    marked: inDoubt,
    changedBy: runnable.flatMap(({ changedBy }) => changedBy),
    hosts,
    drift: findDrift({ binding }, runnable, now),
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
