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
  /** Answers false, and nothing of the batch is committed, where the one before it was not committed at its turn. */
  add<Stored>(steps: BatchSteps<Tx, Stored>): Promise<boolean>;
}

interface Batch<Tx> {
  readonly place: BatchPlace;
  /** Answers how it is counted then. */
  readonly store: (tx: Tx) => Promise<() => Promise<void>>;
  readonly resolve: (isCommitted: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** A batch whose transaction has begun. */
interface Begun<Tx> {
  readonly batch: Batch<Tx>;
  hasStored: boolean;
  /** Its turn has come. */
  goOn(isNext: boolean): void;
  readonly isCommitted: Promise<boolean>;
}

type RunTransaction<Tx> = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** Thrown to have a transaction rolled back. */
const tooEarly = new Error('the batch before was not committed');

/**
 * Batches of mail, one at each turn, in the order in which they come. `isShared`: the database does several transactions at
 * once; while a batch is counted the next one is stored then, seen by nobody, as it is not committed.
 *
 * Batches may hold the same mail, and the second one to store it waits for the first one to be committed. So they store in
 * the order of their turns: a batch has stored when it has its turn, or has the turn before the next one stores.
 */
export function createMailLane<Tx>(transaction: RunTransaction<Tx>, isShared: boolean): MailLane<Tx> {
  const waiting: Batch<Tx>[] = [];
  let ahead: Begun<Tx> | null = null;
  let current: Begun<Tx> | null = null;

  const begin = (batch: Batch<Tx>) => beginBatch(transaction, batch, storeAhead);

  function storeAhead(): void {
    const [next] = waiting;
    if (!isShared || ahead || !next || current?.hasStored === false) return;
    if (isNext(next.place) || isBehindCurrent(next)) ahead = begin(next);
  }

  function isBehindCurrent({ place: { before } }: Batch<Tx>): boolean {
    return before !== null && before === current?.batch.place && isNext(before);
  }

  /** Nothing is stored for nothing: a batch that comes too early is not even begun. */
  async function commit(batch: Batch<Tx>): Promise<boolean> {
    const { place } = batch;
    current = ahead ?? (isNext(place) ? begin(batch) : null);
    ahead = null;
    current?.goOn(isNext(place));
    storeAhead();
    place.isCommitted = (await current?.isCommitted) ?? false;
    return place.isCommitted;
  }

  return {
    hasWaiting: () => waiting.length > 0,
    async serve() {
      const batch = waiting.shift();
      if (!batch) return;
      await commit(batch).then(batch.resolve, batch.reject);
      current = null;
      storeAhead();
    },
    add: ({ place, store, count }) =>
      new Promise<boolean>((resolve, reject) => {
        const storeFirst = async (tx: Tx) => {
          const stored = await store(tx);
          return () => count(tx, stored);
        };
        waiting.push({ place, store: storeFirst, resolve, reject });
        storeAhead();
      }),
  };
}

function beginBatch<Tx>(transaction: RunTransaction<Tx>, batch: Batch<Tx>, onStored: () => void): Begun<Tx> {
  let goOn: Begun<Tx>['goOn'] = () => {};
  const turn = new Promise<boolean>((resolve) => {
    goOn = resolve;
  });
  const isCommitted = transaction(async (tx) => {
    const count = await batch.store(tx);
    begun.hasStored = true;
    onStored();
    if (!(await turn)) throw tooEarly;
    await count();
    return true;
  }).catch((error: unknown) => {
    if (error === tooEarly) return false;
    throw error;
  });
  // Whatever becomes of it is told in its turn.
  isCommitted.catch(() => {});
  const begun = { batch, hasStored: false, goOn, isCommitted };
  return begun;
}
