import type { Person } from '../chat.ts';
import type { Freeze } from '../freeze.ts';

/** What is frozen. */
export interface FreezeTx {
  addFreeze(freeze: Freeze): Promise<void>;
  /** Returns the freezes in force at that time, the oldest first. */
  freezes(now: Date): Promise<readonly Freeze[]>;
  /** Lifts freezes; those that were lifted before stay as they were. */
  liftFreezes(ids: readonly string[], by: Person, now: Date): Promise<void>;
}
