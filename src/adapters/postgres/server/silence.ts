import { limits } from './limits.ts';

/** Calls `onSilence` if none of what it watches ends for a time while something is under way. */
export interface SilenceWatch {
  readonly begin: () => void;
  readonly end: () => void;
  readonly waitAtMost: (silentMs: number) => void;
  readonly stop: () => void;
}

/** One timer serves many statements: it looks when the last of them ended, and waits for what is left of the time. */
export function createSilenceWatch(onSilence: () => void): SilenceWatch {
  let underWay = 0;
  let mostMs: number = limits.silentMs;
  let timer: NodeJS.Timeout | null = null;
  let since = 0;
  let hasStopped = false;

  function disarm(): void {
    if (timer) clearTimeout(timer);
    timer = null;
  }
  function arm(waitMs: number): void {
    timer = setTimeout(() => {
      // This process may have been stopped: what has come in meanwhile is read first.
      setImmediate(judge);
    }, waitMs);
  }
  function judge(): void {
    disarm();
    if (underWay === 0 || hasStopped) return;
    const leftMs = since + mostMs - performance.now();
    if (leftMs <= 0) onSilence();
    else arm(leftMs);
  }
  return {
    begin(): void {
      if (underWay === 0) since = performance.now();
      underWay += 1;
      if (!timer && !hasStopped) arm(mostMs);
    },
    end(): void {
      underWay -= 1;
      since = performance.now();
    },
    waitAtMost(silentMs): void {
      mostMs = silentMs;
      since = performance.now();
      judge();
    },
    stop(): void {
      hasStopped = true;
      disarm();
    },
  };
}
