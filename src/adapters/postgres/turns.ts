import { type Asked, doTogether } from '../../domain/batches.ts';

/** Work of one kind that waits for its turn. */
export interface Lane {
  hasWaiting(): boolean;
  /** Does what may be done in one turn. Never rejects: whoever asked for the work hears of its faults. */
  serve(): Promise<void>;
}

/**
 * Serves the lanes in turn, as long as any work waits: a flood in one of them does not hold up the others. The answer is
 * to be called when work was added.
 */
export function createTurns(lanes: readonly Lane[]): () => void {
  let isServing = false;
  let last = 0;

  /** The next one after the last that has somebody waiting. */
  function findNext(): Lane | undefined {
    const steps = lanes.map((_lane, step) => (last + step + 1) % lanes.length);
    const place = steps.find((step) => lanes[step]?.hasWaiting());
    last = place ?? last;
    return place === undefined ? undefined : lanes[place];
  }

  async function serveAll(): Promise<void> {
    isServing = true;
    for (let lane = findNext(); lane; lane = findNext()) await lane.serve();
    isServing = false;
  }

  return () => {
    if (!isServing) void serveAll();
  };
}

export interface GroupLane<Given> extends Lane {
  add<T>(work: (given: Given) => Promise<T>): Promise<T>;
}

/**
 * In each turn up to `most` works run one after the other with what one `runWith` gives, such as a transaction. Where one
 * of them fails, each runs anew by itself: it may run twice, and what the first run did is undone.
 */
export function createGroupLane<Given>(
  most: number,
  runWith: (use: (given: Given) => Promise<unknown>) => Promise<unknown>,
): GroupLane<Given> {
  type Work = (given: Given) => Promise<unknown>;
  const waiting: Asked<Work, unknown>[] = [];

  async function runAll(works: readonly Work[]): Promise<readonly unknown[]> {
    let results: unknown[] = [];
    await runWith(async (given) => {
      // A transaction that conflicted with another one runs again.
      results = [];
      for (const work of works) results.push(await work(given));
    });
    return results;
  }

  return {
    hasWaiting: () => waiting.length > 0,
    serve: () => doTogether(waiting.splice(0, most), runAll),
    add: <T>(work: (given: Given) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ request: work, resolve: (result) => resolve(result as T), reject });
      }),
  };
}
