import { RestageError } from '../../domain/errors.ts';
import type { RunBinding } from '../../domain/redistribution.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import { bindingOf, describeDrift, isElsewhere } from '../../redistribution/binding.ts';
import type { Deps } from '../deps.ts';

/** Returns the current values that an approval is bound to beside the commands, or why they cannot be read. */
export type BindingNow = { readonly binding: RunBinding } | { readonly fault: string };

/** Reads where and how a server's commands would run now: from the config, and the host keys that it accepts. */
export async function readBinding(deps: Deps, server: string): Promise<BindingNow> {
  const profile = deps.policies.servers.get(server);
  if (!profile) return { fault: `the config no longer names the server ${server}` };
  try {
    return { binding: bindingOf(profile, await deps.servers.hostKeys(profile)) };
  } catch (error) {
    if (error instanceof RestageError && error.code === 'server-host-key') return { fault: error.message };
    throw error;
  }
}

/** Returns what is not as it was proposed; `null` if nothing, or if what was proposed was not bound yet. */
export function findDrift(
  { binding }: Pick<RedistributionRecord, 'binding'>,
  commands: readonly Pick<CommandRecord, 'command'>[],
  now: BindingNow,
): string | null {
  if (binding === null) return null;
  if ('fault' in now) return now.fault;
  const programs = new Set(commands.map(({ command }) => command.argv[0] ?? ''));
  const drift = describeDrift(binding, now.binding, programs);
  return drift.length === 0 ? null : drift.join('; ');
}

/** Returns whether commands run elsewhere than it was proposed, or that is not known. */
export function runsElsewhere({ binding }: Pick<RedistributionRecord, 'binding'>, now: BindingNow): boolean {
  return binding !== null && ('fault' in now || isElsewhere(binding, now.binding));
}
