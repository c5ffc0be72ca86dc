import { setTimeout as sleep } from 'node:timers/promises';
import { describeFailure, isAway } from '../adapters/postgres/failures.ts';
import type { Log } from '../domain/log.ts';

/** Steps of a start that need the database, which may be away for a while. */
export interface Patience {
  /**
   * Returns the step's result. Runs the step again while it fails because the database is away, for at most five minutes.
   * @throws RestageError `database-unavailable` after that, any other error at once, and an error after `end`.
   */
  attempt<T>(step: () => Promise<T>): Promise<T>;
  /** Ends all waiting. */
  end(): void;
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;
const waitAtMostMs = 5 * 60_000;

/** Says once what a start waits for, and when it goes on. `signal` ends all waiting. */
export function createPatience(log: Log, signal?: AbortSignal): Patience {
  const ending = new AbortController();
  const ended = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  let isWaiting = false;

  function tell(error: unknown): void {
    if (isWaiting) return;
    isWaiting = true;
    log.warn({ reason: reasonOf(error) }, 'waiting for the database; nothing is taken in meanwhile');
  }

  return {
    async attempt(step) {
      const since = performance.now();
      for (let tries = 0; ; tries += 1) {
        try {
          const result = await step();
          if (isWaiting) log.info({}, 'database is there; the start goes on');
          isWaiting = false;
          return result;
        } catch (error) {
          if (ended.aborted || !isAway(error) || performance.now() - since > waitAtMostMs)
            throw describeFailure(error);
          tell(error);
          await sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** tries), undefined, { signal: ended });
        }
      }
    },
    end: () => ending.abort(),
  };
}

/** What the driver or PostgreSQL says is more than our own words for it. */
function reasonOf(error: unknown): string {
  return String(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
