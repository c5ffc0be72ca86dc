import type { Sighting } from '../domain/sighting.ts';
import { CountedSet } from './counted-set.ts';

/** What must come together within a window. */
export interface Need {
  /** Met or exceeded; null: it can't be met, as nobody knows how many there are. */
  readonly count: number | null;
  /** Every occurrence counts, however often it is repeated, or every device once. */
  readonly of: 'alerts' | 'devices';
  readonly withinMs: number;
}

export interface ThresholdDecision {
  readonly met: boolean;
  /** The most that any window holds. */
  readonly counted: number;
  readonly needed: number | null;
  /** Where the earliest window begins that meets the need: what came before is not part of the problem. */
  readonly from: Date | null;
  readonly reason: 'threshold-met' | 'below-threshold' | 'population-unknown';
}

/**
 * Whether alerts meet a need (A9): the most of them that lie within `withinMs` of each other (both ends belong to
 * the window), wherever the window slides. Their order does not matter, for mail arrives out of order; and more of
 * them never make less of it.
 */
export function decideThreshold(sightings: readonly Sighting[], need: Need): ThresholdDecision {
  const { counted, from } = slideWindow(sightings, need);
  const met = from !== null;
  if (need.count === null) return { met, counted, needed: null, from, reason: 'population-unknown' };
  return { met, counted, needed: need.count, from, reason: met ? 'threshold-met' : 'below-threshold' };
}

function slideWindow(sightings: readonly Sighting[], { count, of, withinMs }: Need) {
  const sorted = sightings.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const keyOf = of === 'devices' ? ({ device }: Sighting) => device : occurrenceKey;
  const inWindow = new CountedSet<unknown>();
  let start = 0;
  let counted = 0;
  let from: Date | null = null;
  for (const sighting of sorted) {
    const { at } = sighting;
    inWindow.add(keyOf(sighting));
    for (let first = sorted[start]; first && at.getTime() - first.at.getTime() > withinMs; ) {
      inWindow.remove(keyOf(first));
      first = sorted[(start += 1)];
    }
    counted = Math.max(counted, inWindow.size);
    if (count !== null && inWindow.size >= count) from ??= sorted[start]?.at ?? null;
  }
  return { counted, from };
}

/** A sighting that is the only word of its occurrence is told apart by being itself. */
function occurrenceKey(sighting: Sighting): unknown {
  return sighting.occurrence ?? sighting;
}
