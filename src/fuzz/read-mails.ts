import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { FuzzBot } from './bot.ts';
import type { ReadingOrder } from './read-apart.ts';
import type { FuzzRun } from './target.ts';
import type { ReadingReport } from './targets/reading.ts';

/**
 * Reads the mails of a run in a process of its own, so that nothing else counts as their cost.
 * @throws Error if that process ends without a report.
 */
export async function readMails(
  { configFile, env }: Pick<FuzzBot, 'configFile' | 'env'>,
  { seed, inputs, withLargest }: FuzzRun,
): Promise<ReadingReport> {
  const order: ReadingOrder = { configFile, env, seed, inputs, withLargest };
  const child = fork(new URL('./read-apart.js', import.meta.url), [JSON.stringify(order)]);
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    throw new Error(`the process that reads mails ended with exit code ${String(code)} and no report`);
  });
  const [report] = (await Promise.race([once(child, 'message'), ended])) as [ReadingReport];
  return report;
}
