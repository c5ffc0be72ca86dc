import type { Recovery } from '../../domain/alert.ts';
import { nameDevice } from '../../domain/device-name.ts';
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
  const said = new Map<number, readonly Recovery[]>();
  for (const [key, mailId] of added) {
    const recoveries = firstOfKey.get(key)?.reading.recoveries ?? [];
    const named = recoveries.map((one) => ({ ...one, device: nameDevice(one.device, deps.inventory) }));
    if (named.length > 0) said.set(mailId, named);
  }
  if (said.size === 0) return;
  await tx.addRecoveries(said);
  const names = [...said.values()].flat().flatMap(({ device, recipient }) => [device, recipient ?? device]);
  await attendAbout(tx, [...new Set(names)]);
}

/** Has the shown tickets judged that hold alerts about these devices or recipients. */
export async function attendAbout(tx: Tx, names: readonly string[]): Promise<void> {
  for (const ticketId of await tx.shownTicketsWith(names)) await tx.enqueue({ queue: 'attend', ticketId });
}
