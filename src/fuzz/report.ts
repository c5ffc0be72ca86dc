import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Sends a report to the process that forked this one and, once all of it is sent, lets go of that process. */
export function sendReport(report: object): void {
  process.send?.(report, () => process.disconnect());
}

/**
 * Resolves with the report of a forked process, however long it is.
 * @throws Error if the process ends without one.
 */
export async function takeReport(child: ChildProcess): Promise<unknown> {
  const exited = once(child, 'exit');
  // It may have ended before all that it sent is read.
  const ended = once(child, 'disconnect').then(async () => {
    const [code]: unknown[] = await exited;
    throw new Error(`the process that reads mails ended with exit code ${String(code)} and no report`);
  });
  const [report]: unknown[] = await Promise.race([once(child, 'message'), ended]);
  return report;
}
