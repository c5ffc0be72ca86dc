const firstLookAfterMs = 5 * 60_000;
/** Between two looks. */
export const longestWaitMs = 6 * 3_600_000;

/** When an unknown outcome is looked after next: less and less often; null: never again. */
export function nextLookAt(endedAt: Date, now: Date, keepRunsMs: number): Date | null {
  const ageMs = now.getTime() - endedAt.getTime();
  if (ageMs > keepRunsMs) return null;
  return new Date(now.getTime() + Math.min(longestWaitMs, Math.max(firstLookAfterMs, ageMs)));
}
