import type { ServerProfile } from '../../domain/server.ts';
import type { Deps } from '../deps.ts';

const prunedAtOnce = 500;

/** Removes from a server what is kept there of runs that ended long ago and whose outcome is known, and of dry runs. */
export async function pruneRuns(deps: Deps, profile: ServerProfile): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - profile.running.keepRunsMs);
  const { commands, dryRuns } = await deps.store.transaction(async (tx) => ({
    commands: await tx.commandsToPrune(profile.name, before, prunedAtOnce),
    dryRuns: await tx.dryRunsToPrune(profile.name, before, prunedAtOnce),
  }));
  const ids = [...commands.flatMap((id) => [id, `${id}-verify`]), ...dryRuns];
  if (ids.length === 0) return;
  try {
    await deps.servers.prune(profile, ids);
    await deps.store.transaction(async (tx) => {
      await tx.notePruned(commands);
      await tx.noteDryRunsPruned(dryRuns);
    });
  } catch (error) {
    deps.log.warn({ server: profile.name, error: String(error) }, 'old runs not removed yet');
  }
}
