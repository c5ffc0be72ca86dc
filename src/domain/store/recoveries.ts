import type { Recovery } from '../alert.ts';

/** A recovery as stored. */
export interface RecoveryRecord extends Recovery {
  readonly id: number;
}

/** Word that something works again. It is kept, and followed once. */
export interface RecoveryTx {
  addRecoveries(mailId: number, recoveries: readonly Recovery[]): Promise<void>;
  /** Recoveries of a device, by any of its names, since then, of which nothing has come yet; the oldest first. */
  newRecoveries(devices: readonly string[], since: Date): Promise<readonly RecoveryRecord[]>;
  /** What came of a recovery, such as `resolved ticket 12`. */
  settleRecovery(id: number, outcome: string): Promise<void>;
}
