/** One line of the bench's output. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  /** What the value is compared with, measured in the same run; null: with the goal itself. */
  readonly baseline: number | null;
  readonly ratio: number | null;
  readonly goal: string;
  readonly ok: boolean;
}

/** The value is at least so many times the baseline. */
export function atLeast(name: string, value: number, baseline: number, least: number): Measurement {
  const ratio = value / baseline;
  return { ...rounded(name, value, baseline, ratio), goal: `ratio >= ${least}`, ok: ratio >= least };
}

/** The value is at most so many times the baseline. */
export function atMostTimes(name: string, value: number, baseline: number, most: number): Measurement {
  const ratio = value / baseline;
  return { ...rounded(name, value, baseline, ratio), goal: `ratio <= ${most}`, ok: ratio <= most };
}

export function atMost(name: string, value: number, most: number): Measurement {
  return { ...rounded(name, value, null, null), goal: `<= ${most}`, ok: value <= most };
}

export function exactly(name: string, value: number, wanted: number): Measurement {
  return { ...rounded(name, value, null, null), goal: `= ${wanted}`, ok: value === wanted };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

function rounded(name: string, value: number, baseline: number | null, ratio: number | null) {
  const round = (number: number | null) => (number === null ? null : Math.round(number * 1000) / 1000);
  return { name, value: round(value) ?? value, baseline: round(baseline), ratio: round(ratio) };
}
