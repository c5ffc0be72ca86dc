import type { ServerProfile } from '../../domain/server.ts';
import type { CommandRecord } from '../../domain/store/redistributions.ts';

const home = 'home';

/** Returns where a server keeps the runs that are sent now, as it is stored with each of them. */
export function runFolderOf({ running }: Pick<ServerProfile, 'running'>): string {
  return running.runFolder ?? home;
}

/**
 * Returns the server as it was when a run was sent, as to where it keeps that run: the config may name another folder since, in
 * which the run would be missing, and could start again.
 */
export function asItWasSent(
  profile: ServerProfile,
  { runFolder }: Pick<CommandRecord, 'runFolder'>,
): ServerProfile {
  if (runFolder === null) return profile;
  return { ...profile, running: { ...profile.running, runFolder: runFolder === home ? null : runFolder } };
}
