import { type BatchPlace, isNext } from '../../domain/intake.ts';
import type { Lane } from './turns.ts';

/** The steps of one batch: see the store's port. */
export interface BatchSteps<Tx, Prepared, Stored> {
  readonly place: BatchPlace;
  readonly prepare: () => Prepared;
  readonly store: (tx: Tx, prepared: Prepared) => Promise<Stored>;
  /** With counting locked. */
  readonly count: (tx: Tx, stored: Stored) => Promise<void>;
}

export interface MailLane<Tx> extends Lane {
  /** Returns false, and commits nothing of the batch, if the one before it was not committed at its turn. */
  add<Prepared, Stored>(steps: BatchSteps<Tx, Prepared, Stored>): Promise<boolean>;
}

interface Batch<Tx> {
  readonly place: BatchPlace;
  /** Does what needs no database; a second call does nothing. */
  readonly prepare: () => void;
  readonly run: (tx: Tx, onSent: () => void) => Promise<void>;
  readonly resolve: (isCommitted: boolean) => void;
  readonly reject: (error: unknown) => void;
}

type RunTransaction<Tx> = (work: (tx: Tx) => Promise<void>) => Promise<void>;

/**
 * Batches of mail, one at each turn, in the order in which they come. A batch waits for its turn outside of any
 * transaction: a bot that vanishes while it waits holds nothing in the database. While the database stores one batch, this
 * process prepares the statement of the next one.
 */
export function createMailLane<Tx>(transaction: RunTransaction<Tx>): MailLane<Tx> {
  const waiting: Batch<Tx>[] = [];
  let isStoring = false;

  /** After what is being sent has gone out. */
  function prepareNext(): void {
    setImmediate(() => {
      const [next] = waiting;
      if (isStoring && next) next.prepare();
    });
  }

  async function commit({ place, prepare, run }: Batch<Tx>): Promise<boolean> {
    if (!isNext(place)) return false;
    prepare();
    await transaction((tx) =>
      run(tx, () => {
        isStoring = true;
        prepareNext();
      }),
    ).finally(() => {
      isStoring = false;
    });
    place.isCommitted = true;
    return true;
  }

  return {
    hasWaiting: () => waiting.length > 0,
    async serve() {
      const batch = waiting.shift();
      if (batch) await commit(batch).then(batch.resolve, batch.reject);
    },
    add: (steps) =>
      new Promise<boolean>((resolve, reject) => {
        waiting.push({ place: steps.place, ...stepsOf(steps), resolve, reject });
        prepareNext();
      }),
  };
}

function stepsOf<Tx, Prepared, Stored>({
  prepare,
  store,
  count,
}: BatchSteps<Tx, Prepared, Stored>): Pick<Batch<Tx>, 'prepare' | 'run'> {
  let made: { readonly prepared: Prepared } | null = null;
  const prepareOnce = () => {
    made ??= { prepared: prepare() };
    return made.prepared;
  };
  return {
    prepare: prepareOnce,
    async run(tx, onSent) {
      const storing = store(tx, prepareOnce());
      onSent();
      await count(tx, await storing);
    },
  };
}
