/** Something that is to be done, and who waits for it. */
export interface Asked<Request, Result> {
  readonly request: Request;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Does them as one, and gives each its own result. Where that fails, each is done by itself. */
export async function doTogether<Request, Result>(
  batch: readonly Asked<Request, Result>[],
  run: (requests: readonly Request[]) => Promise<readonly Result[]>,
): Promise<void> {
  try {
    const results = await run(batch.map(({ request }) => request));
    for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
  } catch (error) {
    if (batch.length === 1) batch[0]?.reject(error);
    else for (const one of batch) await doTogether([one], run);
  }
}

/**
 * Does many small things together: those that are asked for at the same moment, or while some are being done, up to `most`
 * of them as one, once `gather` has resolved. Each gets its own result. Where a batch fails, each of it is done by itself.
 */
export function createBatches<Request, Result>(
  most: number,
  run: (requests: readonly Request[]) => Promise<readonly Result[]>,
  gather: () => Promise<void> = endOfTick,
): (request: Request) => Promise<Result> {
  const waiting: Asked<Request, Result>[] = [];
  let isRunning = false;

  async function runAll(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      await gather();
      await doTogether(waiting.splice(0, most), run);
    }
    isRunning = false;
  }

  return (request) =>
    new Promise((resolve, reject) => {
      waiting.push({ request, resolve, reject });
      if (!isRunning) void runAll();
    });
}

/** Whoever asks at the same moment has asked by then. */
function endOfTick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
