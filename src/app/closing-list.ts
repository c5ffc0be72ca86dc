import type { Log } from '../domain/log.ts';

export interface ClosingList {
  add(close: () => Promise<void>): void;
  /** Never rejects: what can't be closed cleanly is logged. */
  closeAll(): Promise<void>;
}

/** Everything that is opened is put on this list, and closed in reverse. */
export function createClosingList(log: Log): ClosingList {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close: () => Promise<void>) => void closers.push(close),
    async closeAll(): Promise<void> {
      for (const close of closers.splice(0).toReversed()) {
        await close().catch((error: unknown) => log.warn({ error: String(error) }, 'not closed cleanly'));
      }
    },
  };
}
