/** Bytes that may be held in memory at the same time, over all senders together. */
export interface ByteBudget {
  /** Takes `bytes` and returns `true` if there is room for them. */
  take(bytes: number): boolean;
  /** Gives back what was taken. */
  giveBack(bytes: number): void;
}

export function createByteBudget(capacityBytes: number): ByteBudget {
  let takenBytes = 0;
  return {
    take(bytes) {
      if (takenBytes + bytes > capacityBytes) return false;
      takenBytes += bytes;
      return true;
    },
    giveBack(bytes) {
      takenBytes -= bytes;
    },
  };
}
