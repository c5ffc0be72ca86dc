import type { Person } from '../chat.ts';

/** Who redistributes a server at this time, and for which redistribution. */
export interface ServerLock {
  readonly server: string;
  readonly redistributionId: string;
  readonly owner: Person;
  readonly since: Date;
  /** From then on it is abandoned: anybody may take it. */
  readonly expiresAt: Date;
}

/** One redistribution of a server at a time. */
export interface ServerLockTx {
  /**
   * Takes the lock for `lengthMs` by the store's clock, or renews it where the same redistribution has it; until the
   * transaction ends nobody else gets it. Returns null, or the lock that stands in the way and has not expired.
   */
  takeServerLock(
    lock: Pick<ServerLock, 'server' | 'redistributionId' | 'owner'>,
    lengthMs: number,
  ): Promise<ServerLock | null>;
  /** Frees the server that the redistribution has locked, if it has. */
  freeServerLock(redistributionId: string): Promise<void>;
}
