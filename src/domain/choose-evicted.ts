/** An open connection of a listener that has no place left. */
export interface Guest {
  /** The peer's IP address. */
  readonly address: string;
  /** `true` while the peer waits for our answer: it is not to blame for being slow. */
  readonly awaitsUs: boolean;
  /** Bytes received since `sinceMs`. */
  readonly bytes: number;
  /** Monotonic time of its last complete message, or of its beginning. */
  readonly sinceMs: number;
}

/** So long a new connection may take to send something. */
const graceMs = 5_000;
/** A peer that sends less brings mail so slowly that others go first. */
const slowBytesPerSecond = 1_000;

/**
 * Chooses the connection that makes room for a new one: the slowest of those that owe us something and have had time to send
 * it. An address that holds more than half of the places has no such grace, so that it can't keep everybody else out.
 * Returns `null` if none may be closed; the new one is turned away then.
 */
export function chooseEvicted<One extends Guest>(
  guests: readonly One[],
  newcomer: string,
  nowMs: number,
): One | null {
  const counts = new Map<string, number>();
  for (const { address } of guests) counts.set(address, (counts.get(address) ?? 0) + 1);
  const crowds = ({ address }: Guest) =>
    address !== newcomer && (counts.get(address) ?? 0) > guests.length / 2;
  const evictable = guests.filter(
    (guest) => !guest.awaitsUs && isSlow(guest, nowMs) && (crowds(guest) || isOverdue(guest, nowMs)),
  );
  return evictable.reduce<One | null>(
    (slowest, one) => (slowest === null || rateOf(one, nowMs) < rateOf(slowest, nowMs) ? one : slowest),
    null,
  );
}

function isOverdue({ sinceMs }: Guest, nowMs: number): boolean {
  return nowMs - sinceMs > graceMs;
}

function isSlow(guest: Guest, nowMs: number): boolean {
  return rateOf(guest, nowMs) < slowBytesPerSecond;
}

/** Bytes a second, a newcomer's as if its first second were over. */
function rateOf({ bytes, sinceMs }: Guest, nowMs: number): number {
  return bytes / Math.max(1, (nowMs - sinceMs) / 1000);
}
