/** What is known of one kind of work. Times are monotonic, in ms. */
export interface Standing {
  /** How long the oldest work has been under way; `null` if none is. */
  readonly underWayMs: number | null;
  /** Time since work of this kind last succeeded; `null` if none ever did. */
  readonly sinceSuccessMs: number | null;
}

/** Notes what is under way, so that work which does not go on is noticed. */
export interface Progress {
  /**
   * Runs `work` and notes it under `kind`. It counts as a success if it resolves to anything but `false`. `isRetried`: whoever
   * asked asks again after a failure, so the work stays under way until one succeeds.
   */
  track<T>(kind: string, work: () => Promise<T>, isRetried?: boolean): Promise<T>;
  standingOf(kind: string): Standing;
}

interface Notes {
  /** When each piece of work began. A `Map` keeps the order. */
  readonly running: Map<symbol, number>;
  /** When the oldest work began that failed and is tried again. */
  failedSinceMs: number | null;
  succeededMs: number | null;
}

/** `nowMs`: a clock that nobody sets. */
export function createProgress(nowMs: () => number = () => performance.now()): Progress {
  const kinds = new Map<string, Notes>();
  const notesOf = (kind: string): Notes => {
    const known = kinds.get(kind);
    const notes = known ?? { running: new Map(), failedSinceMs: null, succeededMs: null };
    if (!known) kinds.set(kind, notes);
    return notes;
  };

  return {
    async track(kind, work, isRetried = false) {
      const notes = notesOf(kind);
      const one = Symbol(kind);
      const beganMs = nowMs();
      notes.running.set(one, beganMs);
      try {
        const result = await work();
        if (result !== false) Object.assign(notes, { succeededMs: nowMs(), failedSinceMs: null });
        return result;
      } catch (error) {
        if (isRetried) notes.failedSinceMs ??= beganMs;
        throw error;
      } finally {
        notes.running.delete(one);
      }
    },
    standingOf(kind) {
      const { running, failedSinceMs, succeededMs } = notesOf(kind);
      const [firstMs = null] = running.values();
      const sinceMs = failedSinceMs ?? firstMs;
      return {
        underWayMs: sinceMs === null ? null : nowMs() - sinceMs,
        sinceSuccessMs: succeededMs === null ? null : nowMs() - succeededMs,
      };
    },
  };
}
