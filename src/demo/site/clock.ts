import type { Clock } from '../../domain/clock.ts';

/** The site's time: real time, which can be moved on. */
export interface MovableClock extends Clock {
  pass(ms: number): void;
}

export function createMovableClock(): MovableClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    pass: (ms) => {
      aheadMs += ms;
    },
  };
}
