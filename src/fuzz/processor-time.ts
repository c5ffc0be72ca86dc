import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Returns the processor time of a process's main thread so far, in ms: of node, that of its event loop. Threads beside it
 * do not count.
 * @see https://docs.kernel.org/scheduler/sched-stats.html (schedstat: the first number, in ns)
 */
function readLoopTime(pid: number = process.pid): number {
  const [spent = ''] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ', 1);
  return Number(spent) / 1e6;
}

/**
 * Returns the processor time of the loop that `work` takes, in ms. A figure above `boundMs` is measured up to three times, and
 * the least counts: compiling and collecting garbage hit whoever comes first.
 */
export async function measureLoopTime(
  boundMs: number,
  work: () => Promise<unknown>,
  pid: number = process.pid,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && least > boundMs; attempt += 1) {
    const before = readLoopTime(pid);
    await work();
    least = Math.min(least, readLoopTime(pid) - before);
  }
  return least;
}

/** Returns the most memory that a process ever held, in bytes. @see proc_pid_status(5), VmHWM */
export function readPeakBytes(pid: number = process.pid): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

/** Makes what a process holds now its peak. @see proc_pid_clear_refs(5), value 5 */
export function forgetPeak(pid: number = process.pid): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}
