import type { Sighting } from '../domain/sighting.ts';
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
  const begin = shared
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .flatMap((last) => {
      const window = shared.filter(({ at }) => isWithin(at, last.at, need.withinMs));
      return isEnough(window, need) ? [earliest(window)] : [];
    })[0];
  return begin ? decided(begin) : { from: null, reason: 'not-several-packages' };
}

function decided(from: Date | null): ServerDecision {
  return { from, reason: from === null ? 'too-few-devices' : 'devices-behind-it-fail' };
}

/** Those whose package, or where none is named whose job, fails at another device too within the time. */
function findShared(sightings: readonly DeliverySighting[], withinMs: number): readonly DeliverySighting[] {
  return sightings.filter(
    (one) =>
      nameOf(one) !== null &&
      sightings.some(
        (other) =>
          other.device !== one.device &&
          nameOf(other) === nameOf(one) &&
          Math.abs(other.at.getTime() - one.at.getTime()) <= withinMs,
      ),
  );
}

function nameOf({ package: name, job }: DeliverySighting): string | null {
  return (name ?? job)?.toLowerCase() ?? null;
}

function isWithin(at: Date, last: Date, withinMs: number): boolean {
  return at <= last && last.getTime() - at.getTime() <= withinMs;
}

function isEnough(window: readonly DeliverySighting[], { count }: Need): boolean {
  const devices = new Set(window.map(({ device }) => device));
  const several = [window.map(nameOf), window.map(({ job }) => job)].some(
    (names) => new Set(names.filter((name) => name !== null)).size > 1,
  );
  return count !== null && devices.size >= count && several;
}

function earliest(window: readonly Sighting[]): Date {
  return new Date(Math.min(...window.map(({ at }) => at.getTime())));
}
