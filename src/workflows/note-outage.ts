import type { ChatMessage, SlashCommand } from '../domain/chat.ts';
import { parseDuration } from '../domain/duration.ts';
import { renderNotice } from '../messages/notice.ts';
import type { Deps } from './deps.ts';

export const outageUsage =
  '`/restage outage DEVICE DURATION [reason]` takes a device out for maintenance, such as `/restage outage int-38 2h disk swap`.';

/** Notes that a device is out for maintenance from now on (A10). */
export async function noteOutage(
  deps: Deps,
  command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const [device, duration, ...reason] = words;
  const lengthMs = duration === undefined ? null : parseDuration(duration);
  if (!device || lengthMs === null) return renderNotice(`Usage: ${outageUsage}`);
  const from = deps.clock.now();
  const until = new Date(from.getTime() + lengthMs);
  const { teamId, userId } = command.person;
  const isNew = await deps.store.transaction(async (tx) => {
    if (!(await tx.firstSight(command.deliveryKey, from))) return false;
    const outage = { device: device.toLowerCase(), from, until, reason: reason.join(' ') || 'maintenance' };
    await tx.addOutage(outage, `${teamId}/${userId}`);
    await tx.audit({ at: from, who: `${teamId}/${userId}`, what: 'outage', about: device });
    return true;
  });
  if (!isNew) return renderNotice('This outage is noted already.');
  const known = deps.inventory.find(device) ? '' : ' The inventory does not know a device of that name.';
  return renderNotice(`\`${device}\` is out for maintenance until ${until.toISOString()}.${known}`);
}
