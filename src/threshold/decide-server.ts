import { groupBy } from '../domain/group-by.ts';
import type { Sighting } from '../domain/sighting.ts';
import { CountedSet } from './counted-set.ts';
import { decideThreshold, type Need } from './decide-threshold.ts';

/** An alert behind a server, and what did not arrive. */
export interface DeliverySighting extends Sighting {
  readonly package: string | null;
  readonly job: string | null;
}

export interface ServerDecision {
  /** Where the earliest window begins in which the server explains what fails; `null` if it explains nothing. */
  readonly from: Date | null;
  readonly reason: 'devices-behind-it-fail' | 'too-few-devices' | 'not-several-packages';
}

/**
 * Decides whether a server explains what fails behind it: failures to connect (`crowd`) of enough devices; failed
 * packages only if two or more packages or jobs fail through it, each at two devices or more. One that fails alone may be
 * the package's fault, and failures that have nothing in common have no common cause.
 */
export function decideServer(
  sightings: readonly DeliverySighting[],
  need: Need,
  cause: 'crowd' | 'shared-package',
): ServerDecision {
  if (cause === 'crowd') return decided(decideThreshold(sightings, need).from);
  const shared = findShared(sightings, need.withinMs);
  const { from } = decideThreshold(shared, need);
  if (from === null) return decided(null);
  const begin = findBeginning(shared, need);
  return begin ? decided(begin) : { from: null, reason: 'not-several-packages' };
}

function decided(from: Date | null): ServerDecision {
  return { from, reason: from === null ? 'too-few-devices' : 'devices-behind-it-fail' };
}

/** Returns those whose package, or where none is named whose job, fails at another device too within the time. */
function findShared(sightings: readonly DeliverySighting[], withinMs: number): readonly DeliverySighting[] {
  const named = sightings.filter((one) => nameOf(one) !== null);
  return [...groupBy(named, nameOf).values()].flatMap((group) => {
    const sorted = group.toSorted(byTime);
    const shared = new Set([
      ...findFollowing(sorted, withinMs),
      ...findFollowing(sorted.toReversed(), withinMs),
    ]);
    return sorted.filter((one) => shared.has(one));
  });
}

/** Returns those shortly before which, in this order, another device stands. */
function findFollowing(ordered: readonly DeliverySighting[], withinMs: number): readonly DeliverySighting[] {
  let last: DeliverySighting | undefined;
  let lastOfAnother: DeliverySighting | undefined;
  return ordered.filter((one) => {
    if (last && last.device !== one.device) lastOfAnother = last;
    last = one;
    return lastOfAnother !== undefined && Math.abs(one.at.getTime() - lastOfAnother.at.getTime()) <= withinMs;
  });
}

function nameOf({ package: name, job }: DeliverySighting): string | null {
  return (name ?? job)?.toLowerCase() ?? null;
}

/** Returns where the earliest window begins in which enough devices fail, by several packages or jobs; `null` if none does. */
function findBeginning(sightings: readonly DeliverySighting[], { count, withinMs }: Need): Date | null {
  const [devices, names, jobs] = [new CountedSet(), new CountedSet(), new CountedSet()];
  const sorted = sightings.toSorted(byTime);
  let start = 0;
  for (const [index, one] of sorted.entries()) {
    devices.add(one.device);
    names.add(nameOf(one));
    if (one.job !== null) jobs.add(one.job);
    for (let first = sorted[start]; first && one.at.getTime() - first.at.getTime() > withinMs; ) {
      devices.remove(first.device);
      names.remove(nameOf(first));
      if (first.job !== null) jobs.remove(first.job);
      first = sorted[(start += 1)];
    }
    // What happened at the same moment belongs to the window.
    if (sorted[index + 1]?.at.getTime() === one.at.getTime()) continue;
    const isEnough = count !== null && devices.size >= count;
    if (isEnough && (names.size > 1 || jobs.size > 1)) return sorted[start]?.at ?? one.at;
  }
  return null;
}

function byTime(a: Sighting, b: Sighting): number {
  return a.at.getTime() - b.at.getTime();
}
