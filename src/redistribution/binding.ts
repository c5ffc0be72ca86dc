import type { RunBinding } from '../domain/redistribution.ts';
import type { ServerProfile, SshHost } from '../domain/server.ts';
import { digest } from './digest.ts';

/** What of a server's config decides where and how its commands run. */
export type Bindable = Pick<
  ServerProfile,
  | 'host'
  | 'port'
  | 'user'
  | 'jump'
  | 'hostKey'
  | 'privateKeyFile'
  | 'runKeyFile'
  | 'recorder'
  | 'allowed'
  | 'running'
>;

/** Its server may run another command for another key. */
const loginKey = 'key for running';
const allowedFor = 'allow list for ';

/**
 * Returns what an approval is bound to beside the commands (B10), by what people call it. `hostKeys` are the fingerprints that
 * are accepted of the server now. What may be secret, or is long, is a digest of it.
 */
export function bindingOf(profile: Bindable, hostKeys: readonly string[]): RunBinding {
  const { host, port, user, jump, recorder, running, allowed } = profile;
  const programs = [...new Set(allowed.map(({ program }) => program))];
  return {
    host,
    port: String(port),
    user,
    [loginKey]: profile.runKeyFile ?? profile.privateKeyFile ?? 'that of an agent',
    'host key': hostKeys.toSorted().join(' or '),
    ...(jump.length === 0 ? {} : { 'jump hosts': jump.map(placeOf).join(', ') }),
    sudo: running.sudo ?? 'none',
    recorder: recorder ?? 'none',
    ...Object.fromEntries(
      Object.entries(running.environment).map(([name, value]) => [`environment ${name}`, digest(value)]),
    ),
    ...Object.fromEntries(
      programs.map((program) => [
        `${allowedFor}${program}`,
        digest(JSON.stringify(allowed.filter((one) => one.program === program))),
      ]),
    ),
  };
}

const places: ReadonlySet<string> = new Set(['host', 'port', 'user', 'host key', 'jump hosts']);

/** Returns whether commands run on another machine, or as another user, than what was bound. */
export function isElsewhere(bound: RunBinding, now: RunBinding): boolean {
  return [...places].some((name) => bound[name] !== now[name]);
}

/** Returns what is other than it was bound to, a sentence's part each. Allow lists count for the given programs alone. */
export function describeDrift(
  bound: RunBinding,
  now: RunBinding,
  programs: ReadonlySet<string>,
): readonly string[] {
  const names = [...new Set([...Object.keys(bound), ...Object.keys(now)])].filter(
    (name) => !name.startsWith(allowedFor) || programs.has(name.slice(allowedFor.length)),
  );
  return (
    names
      // Not kept of what an earlier version has bound.
      .filter((name) => name !== loginKey || bound[name] !== undefined)
      .flatMap((name) => describeOne(name, bound[name], now[name]))
  );
}

function describeOne(name: string, was: string | undefined, is: string | undefined): readonly string[] {
  if (was === is) return [];
  if (is === undefined) return [`its ${name} is gone`];
  if (was === undefined) return [`its ${name} is new`];
  return [isDigest(is) ? `its ${name} is another one` : `its ${name} is ${is}, it was ${was}`];
}

function placeOf({ host, port, user, hostKey }: SshHost): string {
  return `${user}@${host}:${port}${hostKey === null ? '' : ` ${hostKey}`}`;
}

function isDigest(value: string): boolean {
  return value.startsWith('sha256:');
}
