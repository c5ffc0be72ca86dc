import { type Asked, doTogether } from '../../domain/batches.ts';

/** Runs work, from several lanes that take turns: none of them can keep the others waiting. */
export interface Turns<Lane extends string, Given> {
  /** Runs the work once it is its lane's turn; within a lane in the order of the calls. */
  take<T>(lane: Lane, work: Work<Given, T>): Promise<T>;
}

type Work<Given, T = unknown> = (given: Given) => Promise<T>;
type RunWith<Lane, Given> = (use: Work<Given>, lane: Lane) => Promise<unknown>;

/**
 * At each turn of a lane up to `together[lane]` of its works run one after the other with what one `runWith` gives, such
 * as a transaction. Where one of them fails, each runs anew by itself: it may run twice, and what the first run did is
 * undone.
 */
export function createTurns<Lane extends string, Given>(
  together: Readonly<Record<Lane, number>>,
  runWith: RunWith<Lane, Given>,
): Turns<Lane, Given> {
  const lanes = Object.keys(together) as Lane[];
  const waiting = new Map<Lane, Asked<Work<Given>, unknown>[]>(lanes.map((lane) => [lane, []]));
  let isServing = false;
  let last = 0;

  /** Of the next lane after the last one that has somebody waiting. */
  function takeGroup(): {
    readonly lane: Lane;
    readonly works: readonly Asked<Work<Given>, unknown>[];
  } | null {
    for (let step = 1; step <= lanes.length; step += 1) {
      const place = (last + step) % lanes.length;
      const lane = lanes[place];
      const works = lane === undefined ? [] : (waiting.get(lane)?.splice(0, together[lane]) ?? []);
      if (lane !== undefined && works.length > 0) {
        last = place;
        return { lane, works };
      }
    }
    return null;
  }

  async function runAll(lane: Lane, works: readonly Work<Given>[]): Promise<readonly unknown[]> {
    const results: unknown[] = [];
    await runWith(async (given) => {
      for (const work of works) results.push(await work(given));
    }, lane);
    return results;
  }

  async function serve(): Promise<void> {
    isServing = true;
    for (let next = takeGroup(); next !== null; next = takeGroup()) {
      const { lane, works } = next;
      await doTogether(works, (some) => runAll(lane, some));
    }
    isServing = false;
  }

  return {
    take: <T>(lane: Lane, work: Work<Given, T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.get(lane)?.push({ request: work, resolve: (result) => resolve(result as T), reject });
        if (!isServing) void serve();
      }),
  };
}
