export interface ArgvDiff {
  /** Arguments of the first that the second does not have, in their order; repeats count. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** What became of a command's arguments (B9, B11). Both lists empty: at most their order is another. */
export function diffArgv(before: readonly string[], after: readonly string[]): ArgvDiff {
  return { removed: without(before, after), added: without(after, before) };
}

function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const argument of taken) left.set(argument, (left.get(argument) ?? 0) + 1);
  return all.filter((argument) => {
    const count = left.get(argument) ?? 0;
    if (count > 0) left.set(argument, count - 1);
    return count === 0;
  });
}
