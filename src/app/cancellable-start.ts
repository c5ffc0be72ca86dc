/** What a start in steps is told. */
export interface Steps {
  /** Throws if the start was cancelled. */
  readonly goOn: () => void;
  /** Resolves when the start is cancelled: a step that waits for others need not wait on. */
  readonly cancelled: Promise<void>;
}

/** A start in steps; between them it asks by `goOn` whether it was cancelled, and then rejects. */
export function createStart() {
  let running: Promise<void> = Promise.resolve();
  let isCancelled = false;
  let tell = () => {};
  const cancelled = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const goOn = () => {
    if (isCancelled) throw new Error('stopped while it was starting');
  };
  return {
    run: (begin: (steps: Steps) => Promise<void>) => () => {
      running = begin({ goOn, cancelled });
      return running;
    },
    /** Resolves when no step is under way any more. */
    async cancel(): Promise<void> {
      isCancelled = true;
      tell();
      await running.catch(() => {});
    },
  };
}
