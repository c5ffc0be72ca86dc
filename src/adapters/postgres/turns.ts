/** Runs work, from several lanes that take turns: none of them can keep the others waiting. */
export interface Turns<Lane extends string, Given> {
  /** Runs the work once it is its lane's turn; within a lane in the order of the calls. */
  take<T>(lane: Lane, work: Work<Given, T>): Promise<T>;
}

type Work<Given, T = unknown> = (given: Given) => Promise<T>;
type RunWith<Given> = (use: Work<Given>) => Promise<unknown>;

interface Waiting<Given> {
  readonly work: Work<Given>;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * At each turn of a lane up to `together[lane]` of its works run one after the other with what one `runWith` gives, such
 * as a transaction. Where one of them fails, each runs anew by itself: it may run twice, and what the first run did is
 * undone.
 */
export function createTurns<Lane extends string, Given>(
  together: Readonly<Record<Lane, number>>,
  runWith: RunWith<Given>,
): Turns<Lane, Given> {
  const lanes = Object.keys(together) as Lane[];
  const waiting = new Map<Lane, Waiting<Given>[]>(lanes.map((lane) => [lane, []]));
  let isServing = false;
  let last = 0;

  /** Of the next lane after the last one that has somebody waiting. */
  function takeGroup(): readonly Waiting<Given>[] {
    for (let step = 1; step <= lanes.length; step += 1) {
      const place = (last + step) % lanes.length;
      const lane = lanes[place];
      const group = lane === undefined ? [] : (waiting.get(lane)?.splice(0, together[lane]) ?? []);
      if (group.length > 0) {
        last = place;
        return group;
      }
    }
    return [];
  }

  async function serve(): Promise<void> {
    isServing = true;
    for (let group = takeGroup(); group.length > 0; group = takeGroup()) await runGroup(runWith, group);
    isServing = false;
  }

  return {
    take: (lane, work) =>
      new Promise((resolve, reject) => {
        waiting.get(lane)?.push({ work, resolve, reject });
        if (!isServing) void serve();
      }),
  };
}

async function runGroup<Given>(runWith: RunWith<Given>, group: readonly Waiting<Given>[]): Promise<void> {
  const results: unknown[] = [];
  try {
    await runWith(async (given) => {
      for (const { work } of group) results.push(await work(given));
    });
    for (const [index, { resolve }] of group.entries()) resolve(results[index] as never);
  } catch (error) {
    const [first] = group;
    if (group.length === 1) first?.reject(error);
    else for (const one of group) await runGroup(runWith, [one]);
  }
}
