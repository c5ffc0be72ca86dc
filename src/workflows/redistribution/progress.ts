import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Deps } from '../deps.ts';
import { wantRedistributionMessage } from './redistribution-message.ts';

/** Keeps a redistribution's message up to date while it runs, no more often than edits go out. */
export interface Progress {
  /** Something has changed: the message is brought up to date in this transaction, or later. */
  show(tx: Tx): Promise<void>;
  /** Forgets what is still to be shown. */
  stop(): void;
}

/** `remind` is called when the time has come for what was put off; `show` is to be called then. */
export function createProgress(deps: Deps, record: RedistributionRecord, remind: () => void): Progress {
  const { editEveryMs } = deps.policies.delivery;
  let shownAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  const stop = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    stop,
    async show(tx) {
      const waitMs = shownAt + editEveryMs - performance.now();
      if (waitMs > 0) {
        timer ??= setTimeout(() => {
          timer = null;
          remind();
        }, waitMs);
        return;
      }
      stop();
      shownAt = performance.now();
      await wantRedistributionMessage(deps, tx, record);
    },
  };
}
