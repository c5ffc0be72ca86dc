import type { JobRecord, RebuiltCommand } from '../domain/redistribution.ts';
import type { ServerProfile } from '../domain/server.ts';

/** What of a server's config decides in which surroundings its commands run. */
export type RunSetting = Pick<ServerProfile, 'running' | 'user'>;

type Adopted = Pick<RebuiltCommand, 'environment' | 'context' | 'changed'> & {
  /** Why the original's surroundings cannot be made again; `null` if they can. */
  readonly refusal: string | null;
};

/**
 * Returns what a re-run takes over from the surroundings of the original: variables that the config does not set already.
 * The templates decide whether they may be set. A secret is never recorded, so that only the config can set it.
 */
export function adoptContext(record: JobRecord, { running, user }: RunSetting): Adopted {
  const { context } = record;
  if (!context) return { refusal: null };
  const secret = Object.entries(context.environment).find(
    ([name, value]) => value === null && !Object.hasOwn(running.environment, name),
  );
  const wanted = Object.entries(context.environment).flatMap(([name, value]) =>
    value === null || value === (running.environment[name] ?? '') ? [] : [[name, value] as const],
  );
  const now = running.sudo ?? user;
  const isOther = context.user !== null && context.user !== now;
  return {
    context,
    ...(wanted.length > 0 ? { environment: Object.fromEntries(wanted) } : {}),
    ...(isOther ? { changed: [`it ran as ${context.user}, and runs as ${now} now`] } : {}),
    refusal: secret
      ? `its environment had ${secret[0]}, whose value is not recorded; set it in the server's environment`
      : null,
  };
}
