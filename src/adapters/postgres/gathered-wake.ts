import type { Job } from '../../domain/store/jobs.ts';

export type Wake = (queues: ReadonlySet<Job['queue']>) => void;

/** Passes wakes on, now and then. */
export interface GatheredWake {
  readonly add: Wake;
  /** One of a row is done: what was added is passed on at once if it is the last one, or nothing was for `every` of them. */
  pass(isLast: boolean): void;
}

/** A burst wakes the workers at its beginning and its end, and in between once for `every` of what it consists of. */
export function createGatheredWake(wake: Wake, every: number): GatheredWake {
  const wanted = new Set<Job['queue']>();
  let held = every;
  return {
    add(queues) {
      for (const queue of queues) wanted.add(queue);
    },
    pass(isLast) {
      held += 1;
      if (wanted.size === 0 || (held < every && !isLast)) return;
      wake(new Set(wanted));
      wanted.clear();
      held = 0;
    },
  };
}
