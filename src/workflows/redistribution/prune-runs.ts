import type { ServerProfile } from '../../domain/server.ts';
import type { Deps } from '../deps.ts';

const prunedAtOnce = 500;

/** Removes from a server what is kept there of runs that ended long ago and whose outcome is known. */
export async function pruneRuns(deps: Deps, profile: ServerProfile): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - profile.running.keepRunsMs);
  const ids = await deps.store.transaction((tx) => tx.commandsToPrune(profile.name, before, prunedAtOnce));
  if (ids.length === 0) return;
  try {
    await deps.servers.prune(
      profile,
      ids.flatMap((id) => [id, `${id}-verify`]),
    );
    await deps.store.transaction((tx) => tx.notePruned(ids));
  } catch (error) {
    deps.log.warn({ server: profile.name, error: String(error) }, 'old runs not removed yet');
  }
}
