/** By how much two bots may be apart in what they take the store's time to be, and a clock may be set back unseen. */
export const clockToleranceMs = 5_000;

/**
 * Returns whether a stored wait or lease is over: its end is reached, or lies further ahead than `longestMs`, the
 * longest that its kind lasts. Such an end was written while the clock was wrong.
 */
export function isTimeUp(end: Date, now: Date, longestMs: number): boolean {
  const aheadMs = end.getTime() - now.getTime();
  return aheadMs <= 0 || aheadMs > longestMs + clockToleranceMs;
}
