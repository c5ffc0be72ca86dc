/** The loss of a connection, which happens at most once, and ends what waits for an answer over it. */
export interface Loss {
  /** Why the connection was lost; `null` while it is not. */
  error(): Error | null;
  /** Settles as `work` does, or rejects with the loss if that comes first. `onEnd` is called when `work` has settled. */
  race<T>(work: Promise<T>, onEnd?: () => void): Promise<T>;
  /** Returns whether it is the first. What waits hears of it a turn later: the error of the driver itself says more. */
  happen(error: Error): boolean;
}

export function createLoss(): Loss {
  let first: Error | null = null;
  // A single promise to race against would keep every result until the connection ends.
  const waiting = new Set<(error: Error) => void>();
  return {
    error: () => first,
    race: (work, onEnd = () => {}) =>
      new Promise((resolve, reject) => {
        if (first) waitForLoss(first, reject);
        else waiting.add(reject);
        work.then(resolve, reject).finally(() => {
          waiting.delete(reject);
          onEnd();
        });
      }),
    happen(error) {
      if (first) return false;
      first = error;
      for (const reject of waiting) waitForLoss(error, reject);
      waiting.clear();
      return true;
    },
  };
}

function waitForLoss(error: Error, reject: (error: Error) => void): void {
  setImmediate(() => reject(error));
}
