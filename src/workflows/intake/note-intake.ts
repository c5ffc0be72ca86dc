import type { Tx } from '../../domain/store/store.ts';
import type { ReadMail } from './read-mail.ts';
import { tokenOf } from './read-probe.ts';

/** Notes what a batch says about its intakes: they are alive, and probe mails have come back (A1). */
export async function noteIntake(tx: Tx, read: readonly ReadMail[], now: Date): Promise<void> {
  const newest = new Map<string, Date>();
  for (const { raw } of read) {
    const known = newest.get(raw.via);
    if (!known || raw.receivedAt > known) newest.set(raw.via, raw.receivedAt);
  }
  for (const [via, receivedAt] of newest) await tx.noteMail(via, receivedAt, now);
  for (const { head, reading } of read) {
    const token = reading.state === 'ignored' ? tokenOf(head) : null;
    if (token !== null && (await tx.returnProbe(token, now))) await tx.enqueue({ queue: 'heartbeat' });
  }
}
