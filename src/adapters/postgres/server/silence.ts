import { limits } from './limits.ts';

/** Calls `onSilence` if none of what it follows settles for a time while something is under way. */
export function createSilenceWatch(onSilence: () => void) {
  let underWay = 0;
  let mostMs: number = limits.silentMs;
  let timer: NodeJS.Timeout | null = null;
  let progress = 0;
  let hasEnded = false;

  function stop(): void {
    if (timer) clearTimeout(timer);
    timer = null;
  }
  function restart(): void {
    stop();
    if (underWay === 0 || hasEnded) return;
    const before = progress;
    // This process may have been stopped: what has come in meanwhile is read first.
    const judge = () => (progress === before ? onSilence() : restart());
    timer = setTimeout(() => setImmediate(judge), mostMs);
  }
  return {
    follow<T>(statement: Promise<T>): Promise<T> {
      underWay += 1;
      if (underWay === 1) restart();
      return statement.finally(() => {
        underWay -= 1;
        progress += 1;
        restart();
      });
    },
    waitAtMost: (silentMs: number): void => {
      mostMs = silentMs;
      restart();
    },
    end(): void {
      hasEnded = true;
      stop();
    },
  };
}
