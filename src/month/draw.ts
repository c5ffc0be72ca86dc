import { createSeededRandom } from '../chaos/seeded-random.ts';

/** Draws that are the same for the same seed. */
export interface Draw {
  /** A whole number, from ≤ n ≤ to. */
  between(from: number, to: number): number;
  /** Returns true in `share` of a hundred draws. */
  percent(share: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** At most `count` of a list, each once. */
  some<T>(list: readonly T[], count: number): readonly T[];
}

export function createDraw(seed: number): Draw {
  const random = createSeededRandom(seed);
  const between = (from: number, to: number) => random.between(from, to + 1);
  return {
    between,
    percent: (share) => random.between(0, 100) < share,
    pick: (list) => list[random.between(0, list.length)] ?? list[0],
    some(list, count) {
      const left = [...list];
      const taken = Math.min(count, left.length);
      return Array.from({ length: taken }, () => left.splice(random.between(0, left.length), 1)).flat();
    },
  };
}
