/** A set of characters: ranges of code points in ascending order, none of which touches the next. */
export type Ranges = readonly (readonly [first: number, last: number])[];

const lastCodePoint = 0x10ffff;

export function rangeOf(first: string, last = first): Ranges {
  return [[first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0]];
}

export function joinRanges(all: readonly Ranges[]): Ranges {
  const joined: [number, number][] = [];
  for (const [first, last] of all.flat().toSorted(([a], [b]) => a - b)) {
    const previous = joined.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** All other characters. */
export function invert(ranges: Ranges): Ranges {
  const starts = [0, ...ranges.map(([, last]) => last + 1)];
  const ends = [...ranges.map(([first]) => first - 1), lastCodePoint];
  return starts.flatMap((start, index) => {
    const end = ends[index] ?? lastCodePoint;
    return start <= end ? [[start, end] as const] : [];
  });
}

/** Is there a character that both sets have? */
export function overlap(some: Ranges, others: Ranges): boolean {
  for (const [first, last] of some) {
    for (const [from, to] of others) if (first <= to && from <= last) return true;
  }
  return false;
}

/** Letters whose other case stands 32 before, and that have no third one but those in {@link thirdCases}. */
const lowerCase = joinRanges([
  rangeOf('a', 'z'),
  rangeOf('\u00e0', '\u00e4'),
  rangeOf('\u00e6', '\u00f6'),
  rangeOf('\u00f8', '\u00fe'),
]);
const upperCase = shift(lowerCase, -32);
/** The long s and the Kelvin sign. */
const thirdCases = [
  ['s', '\u017f'],
  ['k', '\u212a'],
] as const;

/**
 * The set without regard to case, by Unicode's simple case folding. null where it may have letters with cases beyond
 * those of Western Europe.
 */
export function ignoreCase(ranges: Ranges): Ranges | null {
  if (ranges.some(isBeyond)) return null;
  const folded = joinRanges([
    ranges,
    shift(common(ranges, lowerCase), -32),
    shift(common(ranges, upperCase), 32),
  ]);
  const thirds = thirdCases.map(([letter, third]) =>
    overlap(folded, rangeOf(letter)) ? rangeOf(third) : [],
  );
  return joinRanges([folded, ...thirds]);
}

function isBeyond([first, last]: Ranges[number]): boolean {
  if (last <= 0x7f) return false;
  if (first !== last) return true;
  const character = String.fromCodePoint(first);
  const hasCases = character.toLowerCase() !== character || character.toUpperCase() !== character;
  return hasCases && !overlap([...lowerCase, ...upperCase], [[first, last]]);
}

function shift(ranges: Ranges, distance: number): Ranges {
  return ranges.map(([first, last]) => [first + distance, last + distance] as const);
}

/** The characters that both sets have. */
function common(some: Ranges, others: Ranges): Ranges {
  return some.flatMap(([first, last]) =>
    others
      .map((other) => [Math.max(first, other[0]), Math.min(last, other[1])] as const)
      .filter(([from, to]) => from <= to),
  );
}
