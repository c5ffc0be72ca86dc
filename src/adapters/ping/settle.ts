/**
 * The result that `start` hands to its callback; or `late()` when it has not come after `limitMs`. Rejects with
 * the signal's reason as soon as that aborts.
 */
export async function settle<T>(
  signal: AbortSignal,
  limitMs: number,
  late: () => T,
  start: (resolve: (result: T) => void) => void,
): Promise<T> {
  signal.throwIfAborted();
  const ended = new AbortController();
  try {
    return await new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => resolve(late()), limitMs);
      ended.signal.addEventListener('abort', () => clearTimeout(timer));
      signal.addEventListener('abort', () => reject(signal.reason), { signal: ended.signal });
      start(resolve);
    });
  } finally {
    ended.abort();
  }
}
