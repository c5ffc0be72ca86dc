/** Slack's hosts differ by as much from each other. */
const hostsDifferMs = 1000;

/**
 * Slack's time, from the `Date` of its responses, which is in whole seconds (RFC 9110, 6.6.1). It passes by a clock that
 * nobody sets, so that a jump of this host's clock changes nothing.
 */
export class SlackClock {
  readonly #elapsedMs: () => number;
  #seen: { readonly dateMs: number; readonly sentMs: number; readonly receivedMs: number } | null = null;

  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  /** `sentMs`: when the request was sent, by the elapsed time. A date that can't be read changes nothing. */
  observe(date: string | null, sentMs: number): void {
    const dateMs = Date.parse(date ?? '');
    if (Number.isNaN(dateMs)) return;
    this.#seen = { dateMs, sentMs, receivedMs: this.#elapsedMs() };
  }

  /** What Slack's time is now, at the earliest and at the latest; null until Slack has answered once. */
  now(): { readonly earliest: Date; readonly latest: Date } | null {
    if (!this.#seen) return null;
    const { dateMs, sentMs, receivedMs } = this.#seen;
    const nowMs = this.#elapsedMs();
    return {
      earliest: new Date(dateMs + (nowMs - receivedMs) - hostsDifferMs),
      latest: new Date(dateMs + (nowMs - sentMs) + 1000 + hostsDifferMs),
    };
  }
}
