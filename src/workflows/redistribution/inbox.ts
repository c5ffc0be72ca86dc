/** Where several pieces of work put what one reader takes, as much of it as has come. */
export interface Inbox<Item> {
  put(item: Item): void;
  /** Whoever waits, or will, is rejected with it. */
  fail(error: unknown): void;
  /** All that has come since the last time. */
  take(): readonly Item[];
  /** Resolves once something is there; `lingerMs` says for how long more may be waited for. Rejects when it was aborted. */
  arrival(lingerMs: (items: readonly Item[]) => number): Promise<void>;
}

export function createInbox<Item>(signal: AbortSignal): Inbox<Item> {
  let items: Item[] = [];
  let failure: { readonly error: unknown } | null = null;
  let wake: () => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', () => {
    failure ??= { error: signal.reason };
    wake();
  });
  return {
    put: (item) => {
      items.push(item);
      wake();
    },
    fail: (error) => {
      failure ??= { error };
      wake();
    },
    take: () => {
      const taken = items;
      items = [];
      return taken;
    },
    arrival: (lingerMs) =>
      new Promise((resolve, reject) => {
        wake = () => {
          clearTimeout(timer);
          if (failure) reject(failure.error);
          else if (items.length > 0) timer = setTimeout(resolve, lingerMs(items));
        };
        wake();
      }),
  };
}
