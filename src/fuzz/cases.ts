import { createSeededRandom, type SeededRandom } from '../chaos/seeded-random.ts';

/** One input of a target; the same seed, target and index make the same input. */
export interface FuzzCase {
  readonly index: number;
  readonly random: SeededRandom;
}

/** Returns the case with this index of a target. */
export function createCase(seed: number, target: string, index: number): FuzzCase {
  return { index, random: createSeededRandom(mix(seed, target, index)) };
}

/** Returns one of the items. @throws RangeError if there are none. */
export function pick<T>(random: SeededRandom, items: readonly T[]): T {
  const item = items[random.between(0, items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits: neighboring cases get unrelated numbers. */
function mix(seed: number, target: string, index: number): number {
  let hash = 0x81_1c_9d_c5;
  for (const char of `${seed}/${target}/${index}`) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01_00_01_93) >>> 0;
  }
  return hash;
}
