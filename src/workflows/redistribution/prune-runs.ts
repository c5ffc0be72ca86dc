import type { ServerProfile } from '../../domain/server.ts';
import type { Deps } from '../deps.ts';
import { asItWasSent } from './run-folder.ts';

const prunedAtOnce = 500;

/** Removes from a server what is kept there of runs that ended long ago and whose outcome is known, and of dry runs. */
export async function pruneRuns(deps: Deps, profile: ServerProfile): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - profile.running.keepRunsMs);
  const { commands, dryRuns } = await deps.store.transaction(async (tx) => ({
    commands: await tx.commandsToPrune(profile.name, before, prunedAtOnce),
    dryRuns: await tx.dryRunsToPrune(profile.name, before, prunedAtOnce),
  }));
  try {
    for (const runFolder of new Set([...commands, ...dryRuns].map((one) => one.runFolder))) {
      const idsOf = (all: typeof commands) =>
        all.flatMap((one) => (one.runFolder === runFolder ? [one.id] : []));
      const [done, tried] = [idsOf(commands), idsOf(dryRuns)];
      const ids = [...done.flatMap((id) => [id, `${id}-verify`]), ...tried];
      await deps.servers.prune(asItWasSent(profile, { runFolder }), ids);
      await deps.store.transaction(async (tx) => {
        await tx.notePruned(done);
        await tx.noteDryRunsPruned(tried);
      });
    }
  } catch (error) {
    deps.log.warn({ server: profile.name, error: String(error) }, 'old runs not removed yet');
  }
}
