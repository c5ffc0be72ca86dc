import type { JobRecord, RebuiltCommand } from '../domain/redistribution.ts';
import type { ServerProfile } from '../domain/server.ts';
import { setsUmask } from './recorder.ts';

/** What of a server's config decides in which surroundings its commands run. */
export type RunSetting = Pick<ServerProfile, 'running' | 'user' | 'recorder'>;

type Adopted = Pick<RebuiltCommand, 'environment' | 'context' | 'changed'> & {
  /** Why the original's surroundings cannot be made again; `null` if they can. */
  readonly refusal: string | null;
};

/**
 * Returns what a re-run takes over from the surroundings of the original: variables that the config does not set already.
 * The templates decide whether they may be set. A secret is never recorded, so that only the config can set it.
 */
export function adoptContext(record: JobRecord, setting: RunSetting): Adopted {
  const { context } = record;
  const { running, user } = setting;
  if (!context) return { refusal: null };
  const secret = Object.entries(context.environment).find(
    ([name, value]) => value === null && !Object.hasOwn(running.environment, name),
  );
  const wanted = Object.entries(context.environment).flatMap(([name, value]) =>
    value === null || value === (running.environment[name] ?? '') ? [] : [[name, value] as const],
  );
  const now = running.sudo ?? user;
  const isOther = context.user !== null && context.user !== now;
  const changed = [
    ...(isOther ? [`it ran as ${context.user}, and runs as ${now} now`] : []),
    ...describeUmask(record, setting),
  ];
  return {
    context,
    ...(wanted.length > 0 ? { environment: Object.fromEntries(wanted) } : {}),
    ...(changed.length > 0 ? { changed } : {}),
    refusal: secret
      ? `its environment had ${secret[0]}, whose value is not recorded; set it in the server's environment`
      : null,
  };
}

/** By itself sudo takes these permissions away whatever the umask before it (sudoers(5), `umask`). */
const takenBySudo = 0o022;

/** The runner sets the umask of the original before sudo, the recorder after it. */
function describeUmask(record: JobRecord, { recorder, running }: RunSetting): readonly string[] {
  const umask = record.context?.umask ?? null;
  if (umask === null || running.sudo === null || (recorder !== null && setsUmask(record))) return [];
  if ((Number.parseInt(umask, 8) & takenBySudo) === takenBySudo) return [];
  return [`it ran with umask ${umask}, which sudo may make stricter`];
}
