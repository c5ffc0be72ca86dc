import { setTimeout as sleep } from 'node:timers/promises';
import { RestageError } from '../../domain/errors.ts';

/** What goes through it is waited for when it is closed; what comes later is refused. */
export interface ClosingGate {
  pass<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is under way any more, or after the time. */
  close(withinMs: number): Promise<void>;
}

/** A closed driver connects again for whoever asks it for a connection, and that one would keep the process alive for ever. */
export function createClosingGate(): ClosingGate {
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  return {
    async pass(work) {
      if (isClosed)
        throw new RestageError('database-unavailable', 'The database is closed: the bot is stopping.');
      const done = work();
      underWay.add(done);
      try {
        return await done;
      } finally {
        underWay.delete(done);
      }
    },
    async close(withinMs) {
      isClosed = true;
      const late = new AbortController();
      await Promise.race([
        Promise.allSettled(underWay),
        sleep(withinMs, undefined, { signal: late.signal }).catch(() => {}),
      ]);
      late.abort();
    },
  };
}
