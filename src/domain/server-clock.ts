/** How far a server's clock is off, as measured once. */
export interface ClockReading {
  /** The server's time minus ours; positive: its clock is ahead. In ms. */
  readonly offsetMs: number;
  /** The true offset differs by at most this: half of the round trip, and what the server does not print of its time. */
  readonly uncertaintyMs: number;
  /** By our clock. */
  readonly measuredAt: Date;
}

/** What a server's times are worth over a span of time. All in ms, none negative. */
export interface ClockSpan {
  /** Times that the server wrote may be later than ours by up to this. */
  readonly aheadMs: number;
  /** They may be earlier than ours by up to this. */
  readonly behindMs: number;
  /** The offset moved by this: of two times that are closer, only their order in a file tells which was first. */
  readonly movedMs: number;
}

/** A clock that is right, as far as anybody needs to know. */
export const rightClock: ClockSpan = { aheadMs: 0, behindMs: 0, movedMs: 0 };

/** An offset up to this is harmless: periods are typed in minutes. */
export const harmlessOffsetMs = 60_000;

export function isHarmless({ offsetMs, uncertaintyMs }: ClockReading): boolean {
  return Math.abs(offsetMs) - uncertaintyMs <= harmlessOffsetMs;
}

/**
 * Returns what a server's times since then are worth, by the readings of its clock in any order. The last reading before
 * `since` counts too: it tells the offset at the beginning.
 */
export function spanOfClock(readings: readonly ClockReading[], since: Date): ClockSpan {
  const before = readings
    .filter(({ measuredAt }) => measuredAt < since)
    .reduce<ClockReading | null>(
      (last, one) => (last && last.measuredAt > one.measuredAt ? last : one),
      null,
    );
  const counted = readings.filter((one) => one.measuredAt >= since || one === before);
  if (counted.every(isHarmless)) return rightClock;
  const highest = Math.max(...counted.map(({ offsetMs, uncertaintyMs }) => offsetMs + uncertaintyMs));
  const lowest = Math.min(...counted.map(({ offsetMs, uncertaintyMs }) => offsetMs - uncertaintyMs));
  const offsets = counted.map(({ offsetMs }) => offsetMs);
  const movedMs = Math.max(...offsets) - Math.min(...offsets);
  return {
    aheadMs: Math.max(0, Math.ceil(highest)),
    behindMs: Math.max(0, Math.ceil(-lowest)),
    movedMs: movedMs <= harmlessOffsetMs ? 0 : Math.ceil(movedMs),
  };
}
