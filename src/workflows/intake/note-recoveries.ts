import type { Tx } from '../../domain/store/store.ts';
import type { Deps } from '../deps.ts';
import type { ReadMail } from './read-mail.ts';

/** Keeps word of recoveries from the mails that are new, and has the tickets that it concerns looked after (A17). */
export async function noteRecoveries(
  deps: Deps,
  tx: Tx,
  read: readonly ReadMail[],
  added: ReadonlyMap<string, number>,
): Promise<void> {
  const firstOfKey = new Map(read.toReversed().map((one) => [one.key, one]));
  for (const [key, mailId] of added) {
    const recoveries = firstOfKey.get(key)?.reading.recoveries ?? [];
    if (recoveries.length === 0) continue;
    await tx.addRecoveries(mailId, recoveries);
    for (const { device } of recoveries) {
      const name = deps.inventory.find(device)?.name ?? device;
      const tickets = await tx.shownTicketsAbout([name]);
      for (const { id } of tickets) await tx.enqueue({ queue: 'attend', ticketId: id });
    }
  }
}
