import type { Clock } from '../../domain/clock.ts';

/** Slack delivers again at once, after 1 and after 5 minutes; this is well longer. */
const keptMs = 15 * 60_000;

/**
 * The first guard against doing twice what Slack delivers twice (the database is the second). A delivery joins
 * the one that came before it with the same key; one whose forerunner failed is worked on anew.
 */
export class Deliveries<T> {
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly result: Promise<T>; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async once(key: string, work: () => Promise<T>): Promise<T> {
    this.#forgetOld();
    for (let earlier = this.#known.get(key); earlier; earlier = this.#known.get(key)) {
      try {
        return await earlier.result;
      } catch {
        if (this.#known.get(key) === earlier) this.#known.delete(key);
      }
    }
    const result = work();
    this.#known.set(key, { result, untilMs: this.#clock.now().getTime() + keptMs });
    return result;
  }

  /** Entries stand in the order of their arrival. */
  #forgetOld(): void {
    const nowMs = this.#clock.now().getTime();
    for (const [key, { untilMs }] of this.#known) {
      if (untilMs > nowMs) return;
      this.#known.delete(key);
    }
  }
}
