import { countingWork } from '../../domain/heartbeat.ts';
import type { Store } from '../../domain/store/store.ts';
import type { Progress } from './progress.ts';

/** Returns the store, with what it counts noted in `progress`. */
export function watchCounting(store: Store, progress: Progress): Store {
  return {
    ...store,
    countingTransaction: (work) => progress.track(countingWork, () => store.countingTransaction(work)),
    intakeTransaction: (steps) => progress.track(countingWork, () => store.intakeTransaction(steps)),
  };
}
