import { setTimeout as sleep } from 'node:timers/promises';
import { classifyFailure } from './failures.ts';

/** Two transactions that met once seldom meet again after a random pause. */
const mostTries = 8;
const firstPauseMs = 20;
const longestPauseMs = 500;

/**
 * Runs a transaction again that PostgreSQL ended in favor of another one, at most `mostTries` times in all. Nothing of a
 * try that failed is left in the database. @throws the error of the last try, and at once any error that is no conflict.
 */
export async function retryConflicts<T>(
  run: () => Promise<T>,
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (tries === mostTries || classifyFailure(error) !== 'conflict') throw error;
      await pause(Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** tries));
    }
  }
}
