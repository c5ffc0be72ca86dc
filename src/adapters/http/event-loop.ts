import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is. */
export interface EventLoop {
  /** Longest delay of the last seconds, in ms. */
  lagMs(): number;
  stop(): void;
}

const resolutionMs = 20;
const windowMs = 5_000;

export function watchEventLoop(): EventLoop {
  const histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let beforeMs = 0;
  const longestMs = () => Math.max(0, histogram.max / 1e6 - resolutionMs);
  const timer = setInterval(() => {
    beforeMs = longestMs();
    histogram.reset();
  }, windowMs);
  timer.unref();
  return {
    lagMs: () => Math.round(Math.max(beforeMs, longestMs())),
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
