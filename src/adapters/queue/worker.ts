/** Looks for work when it is woken, and now and then by itself. */
export interface Worker {
  wake(): void;
  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

/** `work` never rejects; true: there may be more to do at once. */
export function startWorker(work: () => Promise<boolean>, everyMs: number): Worker {
  const stopping = new AbortController();
  let isWoken = false;
  let endRest = () => {};
  const wake = () => {
    isWoken = true;
    endRest();
  };
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    while (!stopping.signal.aborted) {
      isWoken = false;
      const isMore = await work();
      if (!isMore && !isWoken) await rest();
    }
  };
  const running = run();
  return {
    wake,
    stop() {
      stopping.abort();
      wake();
      return running;
    },
  };
}
