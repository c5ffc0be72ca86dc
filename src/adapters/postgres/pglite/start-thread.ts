import { Worker } from 'node:worker_threads';
import type { Results } from '@electric-sql/pglite';
import { RestageError } from '../../../domain/errors.ts';
import type { Answer, Command, Fault, Request } from './messages.ts';

/** A thread that holds the embedded database open. Commands are done in the order in which they are given. */
export interface Thread {
  /**
   * @throws Error with the fields that PostgreSQL gave it, such as its code.
   * @throws RestageError `database-unavailable` when the thread ended before it answered.
   */
  run(command: Command): Promise<readonly Results[]>;
  hasEnded(): boolean;
  /** How long the oldest command that awaits its answer has been waiting, in ms; `null` if none is. */
  silentMs(): number | null;
  /** Closes the database, then the thread; resolves when both is done. */
  close(): Promise<void>;
}

interface Waiting {
  /** On the clock of `performance.now()`. */
  readonly sinceMs: number;
  resolve(results: readonly Results[]): void;
  reject(error: Error): void;
}

/**
 * Opens the embedded database in a thread of its own, where its work does not hold up the bot's. The thread keeps the
 * process alive as long as an answer is awaited, and no longer.
 */
export async function startThread(folder: string): Promise<Thread> {
  // Of the options that this process was started with some fit no thread.
  const worker = new Worker(new URL('./thread.js', import.meta.url), { execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let end: RestageError | null = null;
  const settle = (id: number): Waiting | undefined => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return one;
  };
  const fail = (why: string) => {
    end ??= ended(why);
    for (const id of [...waiting.keys()]) settle(id)?.reject(end);
  };
  worker.on('message', (answer: Answer) => {
    const one = settle(answer.id);
    if ('fault' in answer) one?.reject(toError(answer.fault));
    else one?.resolve(answer.results);
  });
  worker.on('error', (error) => fail(String(error)));
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      fail(`exit code ${code}`);
      resolve();
    });
  });
  const run = (command: Command) =>
    new Promise<readonly Results[]>((resolve, reject) => {
      if (end) return reject(end);
      lastId += 1;
      waiting.set(lastId, { sinceMs: performance.now(), resolve, reject });
      worker.ref();
      worker.postMessage({ id: lastId, command } satisfies Request);
    });
  await run({ kind: 'open', folder }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  return {
    run,
    hasEnded: () => end !== null,
    silentMs() {
      // A map keeps its order: the first one has waited longest.
      for (const { sinceMs } of waiting.values()) return performance.now() - sinceMs;
      return null;
    },
    close: async () => {
      await run({ kind: 'close' });
      // No answer is awaited any more, but its end is.
      worker.ref();
      await exited;
    },
  };
}

function toError({ message, ...fields }: Fault): Error {
  return Object.assign(new Error(message), fields);
}

function ended(why: string): RestageError {
  return new RestageError(
    'database-unavailable',
    `The embedded database's thread ended (${why}); it is started again for the next statement.`,
  );
}
