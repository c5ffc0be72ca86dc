import { ChatError, type ChatHealth } from '../../domain/chat.ts';
import type { Clock } from '../../domain/clock.ts';

/** Whether Slack is reached, by the outcome of each call. A refusal of what was asked for is an answer too. */
export class Reach {
  readonly #clock: Clock;
  #isReached: boolean | null = null;
  #lastGoodAt: Date | null = null;
  #lastFailure: ChatHealth['lastFailure'] = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  succeeded(): void {
    this.#isReached = true;
    this.#lastGoodAt = this.#clock.now();
  }

  failed(error: Error): void {
    const failure = error instanceof ChatError ? error.failure : 'unauthorized';
    if (failure === 'refused' || failure === 'rate-limited') return this.succeeded();
    this.#isReached = false;
    this.#lastFailure = { at: this.#clock.now(), reason: error.message };
  }

  health(): Pick<ChatHealth, 'isReached' | 'lastGoodAt' | 'lastFailure'> {
    return { isReached: this.#isReached, lastGoodAt: this.#lastGoodAt, lastFailure: this.#lastFailure };
  }
}
