/** Something that tells when there may be news. */
export interface Listenable {
  listen(listener: () => void): () => void;
}

/**
 * Resolves with the first value of `probe` that is not null, undefined or false. It is asked at once, and again
 * whenever one of the sources has news; after `timeoutMs` an error says what was waited for.
 */
export function waitFor<T>(
  sources: readonly Listenable[],
  probe: () => T | null | undefined | false,
  what: string,
  timeoutMs: number,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stops = sources.map((source) => source.listen(() => look()));
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      settle();
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`waited ${timeoutMs} ms in vain for ${what}`))),
      timeoutMs,
    );
    const look = () => {
      try {
        const value = probe();
        if (value !== null && value !== undefined && value !== false) finish(() => resolve(value));
      } catch (error) {
        finish(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    look();
  });
}
