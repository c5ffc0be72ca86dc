/**
 * Runs work in the background, at most once at a time for each key. Work that is asked for while it runs is
 * done once more afterwards, so that nothing committed in between is missed.
 */
export interface SingleFlight {
  start(key: string, work: () => Promise<void>): void;
  /** Resolves when nothing runs any more; further calls of `start` are ignored from now on. */
  drain(): Promise<void>;
}

export function createSingleFlight(onError: (key: string, error: unknown) => void): SingleFlight {
  const flights = new Map<string, { again: boolean; done: Promise<void> }>();
  const draining = new AbortController();

  const run = async (key: string, work: () => Promise<void>) => {
    const flight = flights.get(key);
    if (!flight) return;
    do {
      flight.again = false;
      await work().catch((error: unknown) => onError(key, error));
    } while (flight.again && !draining.signal.aborted);
    flights.delete(key);
  };

  return {
    start(key, work) {
      if (draining.signal.aborted) return;
      const flight = flights.get(key);
      if (flight) {
        flight.again = true;
        return;
      }
      const entry = { again: false, done: Promise.resolve() };
      flights.set(key, entry);
      entry.done = run(key, work);
    },
    async drain() {
      draining.abort();
      await Promise.allSettled([...flights.values()].map((flight) => flight.done));
    },
  };
}
