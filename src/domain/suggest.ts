/** Returns the known word that was probably meant; `null` if none comes near (a third of its letters may differ). */
export function suggestWord(typed: string, known: Iterable<string>): string | null {
  return suggestWords(typed, known, 1)[0] ?? null;
}

/** Returns at most `count` known words that come as near, the nearest first. */
export function suggestWords(typed: string, known: Iterable<string>, count: number): readonly string[] {
  const wanted = typed.toLowerCase();
  const near = [...new Set(known)].flatMap((word) => {
    const allowed = Math.max(1, Math.floor(word.length / 3));
    if (Math.abs(word.length - wanted.length) > allowed) return [];
    const distance = editDistance(wanted, word.toLowerCase());
    return distance <= allowed ? [{ word, distance }] : [];
  });
  return near
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ word }) => word);
}

/** Letters to add, remove, replace or swap with their neighbor (optimal string alignment). */
function editDistance(from: string, to: string): number {
  const [a, b] = [Array.from(from), Array.from(to)];
  let before: readonly number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of a.entries()) {
    const current = [row + 1];
    for (const [column, other] of b.entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      const isSwap = row > 0 && column > 0 && letter === b[column - 1] && a[row - 1] === other;
      const swapped = isSwap ? (before[column - 1] ?? 0) + 1 : replaced;
      current.push(Math.min(replaced, swapped, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    [before, previous] = [previous, current];
  }
  return previous.at(-1) ?? 0;
}
