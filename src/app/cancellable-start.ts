/** A start in steps; between them it asks by `goOn` whether it was cancelled, and then rejects. */
export function createStart() {
  let running: Promise<void> = Promise.resolve();
  let isCancelled = false;
  const goOn = () => {
    if (isCancelled) throw new Error('stopped while it was starting');
  };
  return {
    run: (begin: (goOn: () => void) => Promise<void>) => () => {
      running = begin(goOn);
      return running;
    },
    /** Resolves when no step is under way any more. */
    async cancel(): Promise<void> {
      isCancelled = true;
      await running.catch(() => {});
    },
  };
}
