interface Effect {
  readonly dueMs: number;
  readonly run: () => void;
}

/** Calls that were given up by their sender and still take effect, by the workspace's clock. */
export class LateEffects {
  readonly #now: () => Date;
  readonly #timers = new Set<NodeJS.Timeout>();
  #waiting: Effect[] = [];

  constructor(now: () => Date) {
    this.#now = now;
  }

  add(ms: number, run: () => void): void {
    this.#waiting.push({ dueMs: this.#now().getTime() + ms, run });
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.settle();
    }, ms + 1);
    this.#timers.add(timer);
  }

  /** Does what is due. To be called before anybody looks: a clock that a test moves sets off no timer. */
  settle(): void {
    const nowMs = this.#now().getTime();
    const due = this.#waiting.filter(({ dueMs }) => dueMs <= nowMs).toSorted((a, b) => a.dueMs - b.dueMs);
    this.#waiting = this.#waiting.filter(({ dueMs }) => dueMs > nowMs);
    for (const { run } of due) run();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
