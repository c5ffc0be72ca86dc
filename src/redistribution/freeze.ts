import { parseDuration } from '../domain/duration.ts';
import type { Freeze, FreezeScope } from '../domain/freeze.ts';

/** Number of people that an exception from a freeze takes, each with a reason. */
export const exceptionApprovals = 2;

/**
 * Returns the freeze that holds a server up, the widest and oldest first; `null` if none does. A server whose region is unknown
 * (`null`) may be in any: the freeze of a region holds it too, and its reason says so first.
 */
export function findFreeze(freezes: readonly Freeze[], server: string, region: string | null): Freeze | null {
  const found = freezes.find(({ scope }) => covers(scope, server, region)) ?? null;
  if (found?.scope.kind !== 'region' || region !== null) return found;
  return { ...found, reason: `the region of ${server} is unknown, so this holds it too; ${found.reason}` };
}

function covers(scope: FreezeScope, server: string, region: string | null): boolean {
  if (scope.kind === 'all') return true;
  const name = scope.kind === 'server' ? server : region;
  return name === null || name.toLowerCase() === scope.name;
}

/** The names that a freeze can be for, in lower case. */
export interface FreezeNames {
  readonly servers: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
}

/** What somebody wants frozen, or what is wrong with what they typed. */
export type ReadFreeze =
  | { readonly scope: FreezeScope; readonly lengthMs: number | null; readonly reason: string }
  | { readonly fault: string };

/** A word that may be meant for a server's name: it has letters and a digit. */
const serverLike = /^(?=.*[a-z])(?=.*\d)[\w.-]+$/i;

/**
 * Reads `[REGION, SERVER or everything] [duration] reason`. A name that is unknown is a slip, not a reason to freeze everything: one
 * before a duration, and one that looks like a server's.
 */
export function readFreeze(words: readonly string[], names: FreezeNames): ReadFreeze {
  const { scope, rest } = splitScope(words, names);
  const lengthMs = parseDuration(rest[0] ?? '');
  const reason = (lengthMs === null ? rest : rest.slice(1)).join(' ');
  const [first = '', second = ''] = words;
  const isSlip = parseDuration(second) !== null || serverLike.test(first);
  if (scope === null && lengthMs === null && isSlip) {
    return { fault: `No server and no region is called ${first}; for all of them begin with “everything”.` };
  }
  if (lengthMs === 0) return { fault: 'A freeze of no time freezes nothing.' };
  if (reason === '') return { fault: 'Say why, after the name and the duration.' };
  return { scope: scope ?? { kind: 'all' }, lengthMs, reason };
}

/** The longest beginning that names something: a region's name may be several words. */
function splitScope(words: readonly string[], names: FreezeNames) {
  for (let count = words.length; count > 0; count -= 1) {
    const scope = readScope(words.slice(0, count).join(' '), names);
    if (scope !== null) return { scope, rest: words.slice(count) };
  }
  return { scope: null, rest: words };
}

/** Returns what a name is of; `null` if it is none. */
export function readScope(text: string, { servers, regions }: FreezeNames): FreezeScope | null {
  const name = text.toLowerCase();
  if (name === 'everything') return { kind: 'all' };
  if (servers.has(name)) return { kind: 'server', name };
  return regions.has(name) ? { kind: 'region', name } : null;
}
