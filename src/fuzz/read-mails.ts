import { fork } from 'node:child_process';
import type { FuzzBot } from './bot.ts';
import type { ReadingOrder } from './read-apart.ts';
import { takeReport } from './report.ts';
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
  return (await takeReport(child)) as ReadingReport;
}
