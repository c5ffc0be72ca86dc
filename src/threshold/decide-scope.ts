import type { ThresholdRule } from '../domain/policy.ts';
import type { Sighting } from '../domain/sighting.ts';
import { CountedSet } from './counted-set.ts';
import type { Need } from './decide-threshold.ts';

/** An alert, and the next narrower part of the scope that it is from. */
export interface PartSighting extends Sighting {
  readonly part: string;
}

export interface ScopeDecision {
  readonly met: boolean;
  /** Where the earliest window begins that meets the rule; `null` if none does. */
  readonly from: Date | null;
  /** The last alert of that window: later ones can't change it. */
  readonly metAt: Date | null;
  /** The most that any window holds. */
  readonly counted: number;
  readonly needed: number | null;
  /** Of the window that met, else of the fullest one: how many parts fail, and which makes most of it. */
  readonly parts: number;
  readonly largest: { readonly part: string; readonly share: number } | null;
  readonly reason:
    | 'threshold-met'
    | 'below-threshold'
    | 'population-unknown'
    | 'only-one-part'
    | 'mostly-one-part';
}

/** A part that makes more of a problem than this is the problem itself. */
const mostOfOnePart = 0.8;

/**
 * Decides a rule over more than a device (A9): enough alerts within the window, from at least two of the scope's parts,
 * none of which makes more than 80 % of them; else the problem is that part's. A window ends with an alert and holds all
 * until then; the earliest that meets the rule counts. Order does not matter, and what comes later changes nothing. For a
 * rule with `instead` the number alone decides: no other rule would tell of its parts.
 */
export function decideScope(
  sightings: readonly PartSighting[],
  need: Need,
  { instead = false }: Pick<ThresholdRule, 'instead'> = {},
): ScopeDecision {
  const sorted = sightings.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const window = createWindow(need);
  let fullest: Fill = emptyFill;
  let start = 0;
  for (const [index, sighting] of sorted.entries()) {
    window.add(sighting);
    for (let first = sorted[start]; first && isBefore(first, sighting, need); first = sorted[start]) {
      window.remove(first);
      start += 1;
    }
    if (sorted[index + 1]?.at.getTime() === sighting.at.getTime()) continue;
    const counted = window.counted();
    if (counted <= fullest.counted && counted < (need.count ?? Number.POSITIVE_INFINITY)) continue;
    const fill = window.fill();
    if (counted > fullest.counted) fullest = fill;
    if (reasonOf(fill, need, instead) !== 'threshold-met') continue;
    const from = sorted[start]?.at ?? sighting.at;
    return { ...fill, met: true, from, metAt: sighting.at, needed: need.count, reason: 'threshold-met' };
  }
  const reason = reasonOf(fullest, need, instead);
  return { ...fullest, met: false, from: null, metAt: null, needed: need.count, reason };
}

type Fill = Pick<ScopeDecision, 'counted' | 'parts' | 'largest'>;
const emptyFill: Fill = { counted: 0, parts: 0, largest: null };

function reasonOf(
  { counted, parts, largest }: Fill,
  { count }: Need,
  isEnough: boolean,
): ScopeDecision['reason'] {
  if (count === null) return 'population-unknown';
  if (counted < count) return 'below-threshold';
  if (isEnough) return 'threshold-met';
  if (parts < 2) return 'only-one-part';
  return (largest?.share ?? 1) > mostOfOnePart ? 'mostly-one-part' : 'threshold-met';
}

function isBefore(first: Sighting, last: Sighting, { withinMs }: Need): boolean {
  return last.at.getTime() - first.at.getTime() > withinMs;
}

/** Counts what a window holds: each occurrence once, or each device. */
function createWindow({ of }: Need) {
  let counted = 0;
  const keys = new CountedSet<unknown>();
  const parts = new CountedSet<string>();
  const keyOf = (one: PartSighting) => {
    const name = of === 'devices' ? one.device : one.occurrence;
    return name == null ? one : `${one.part}\n${name}`;
  };
  return {
    add(one: PartSighting) {
      if (keys.add(keyOf(one)) > 1) return;
      parts.add(one.part);
      counted += 1;
    },
    remove(one: PartSighting) {
      if (keys.remove(keyOf(one)) > 0) return;
      parts.remove(one.part);
      counted -= 1;
    },
    counted: () => counted,
    fill(): Fill {
      let largest: Fill['largest'] = null;
      for (const [part, held] of parts.entries()) {
        const share = held / counted;
        if (!largest || share > largest.share || (share === largest.share && part < largest.part))
          largest = { part, share };
      }
      return { counted, parts: parts.size, largest };
    },
  };
}
