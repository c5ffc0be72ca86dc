import { type BatchPlace, isNext } from '../../domain/intake.ts';
import type { Lane } from './turns.ts';

/** The steps of one batch: see the store's port. */
export interface BatchSteps<Tx, Stored> {
  readonly place: BatchPlace;
  readonly store: (tx: Tx) => Promise<Stored>;
  /** With counting locked. */
  readonly count: (tx: Tx, stored: Stored) => Promise<void>;
}

export interface MailLane<Tx> extends Lane {
  /** Returns false, and commits nothing of the batch, if the one before it was not committed at its turn. */
  add<Stored>(steps: BatchSteps<Tx, Stored>): Promise<boolean>;
}

interface Batch<Tx> {
  readonly place: BatchPlace;
  readonly run: (tx: Tx) => Promise<void>;
  readonly resolve: (isCommitted: boolean) => void;
  readonly reject: (error: unknown) => void;
}

type RunTransaction<Tx> = (work: (tx: Tx) => Promise<void>) => Promise<void>;

/**
 * Batches of mail, one at each turn, in the order in which they come. A batch waits for its turn outside of any
 * transaction: a bot that vanishes while it waits holds nothing in the database.
 */
export function createMailLane<Tx>(transaction: RunTransaction<Tx>): MailLane<Tx> {
  const waiting: Batch<Tx>[] = [];

  async function commit({ place, run }: Batch<Tx>): Promise<boolean> {
    if (!isNext(place)) return false;
    await transaction(run);
    place.isCommitted = true;
    return true;
  }

  return {
    hasWaiting: () => waiting.length > 0,
    async serve() {
      const batch = waiting.shift();
      if (batch) await commit(batch).then(batch.resolve, batch.reject);
    },
    add: ({ place, store, count }) =>
      new Promise<boolean>((resolve, reject) => {
        const run = async (tx: Tx) => count(tx, await store(tx));
        waiting.push({ place, run, resolve, reject });
      }),
  };
}
