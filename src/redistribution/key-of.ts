/** Names as one string that no other names make. */
export function keyOf(...names: readonly string[]): string {
  return JSON.stringify(names);
}
