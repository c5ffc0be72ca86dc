/** The loss of a connection, which happens once. */
export function createLoss() {
  let first: Error | null = null;
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  promise.catch(() => {});
  return {
    promise,
    error: () => first,
    /** Returns whether it is the first. The driver rejects what is under way before: its error says more. */
    happen(error: Error): boolean {
      if (first) return false;
      first = error;
      setImmediate(() => reject(error));
      return true;
    },
  };
}
