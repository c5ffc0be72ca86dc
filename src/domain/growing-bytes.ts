/**
 * Bytes that arrive piece by piece. A sender can cut them into pieces of a byte each, and an array of these would take a
 * hundred times the memory of what they hold.
 */
export interface GrowingBytes {
  /** Number of bytes so far. */
  readonly length: number;
  add(piece: Uint8Array): void;
  /** Returns the bytes so far, without copying them. */
  bytes(): Uint8Array;
}

const firstCapacity = 4_096;

export function createGrowingBytes(): GrowingBytes {
  let held = new Uint8Array(0);
  let length = 0;
  const reserve = (needed: number) => {
    if (needed <= held.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * held.length, firstCapacity));
    larger.set(held.subarray(0, length));
    held = larger;
  };
  return {
    get length() {
      return length;
    },
    add(piece) {
      reserve(length + piece.length);
      held.set(piece, length);
      length += piece.length;
    },
    bytes: () => held.subarray(0, length),
  };
}
