/**
 * Returns when a ticket that is held is made at the latest; `null` if no look is planned. `looks` says how often it was
 * put off, the last time until `lookAt`.
 */
export function latestLook(
  { lookAt, looks }: { readonly lookAt: Date | null; readonly looks: number },
  lookAgainAfterMs: readonly number[],
): Date | null {
  if (lookAt === null) return null;
  const leftMs = lookAgainAfterMs.slice(looks).reduce((sum, ms) => sum + ms, 0);
  return new Date(lookAt.getTime() + leftMs);
}
