/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface SeededRandom {
  readonly seed: number;
  /** A whole number, from ≤ n < until. */
  between(from: number, until: number): number;
}

export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, between: (from, until) => from + Math.floor(next() * (until - from)) };
}
