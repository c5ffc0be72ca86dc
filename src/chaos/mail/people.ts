import { setTimeout as sleep } from 'node:timers/promises';
import { actions } from '../../messages/actions.ts';
import { deviceOf } from './judge.ts';
import { channel, type MailSite, person } from './mail-site.ts';

const lookEveryMs = 300;

/** Somebody acknowledges the ticket of this device, and clicks again where a click had no effect. */
export async function acknowledge(
  { workspace }: Pick<MailSite, 'workspace'>,
  device: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const ticket = workspace
      .messages(channel)
      .find(({ text, threadTs }) => threadTs === null && deviceOf(text) === device);
    if (ticket && JSON.stringify(ticket.blocks).includes('*Acknowledged*')) return;
    if (ticket && JSON.stringify(ticket.blocks).includes(`"${actions.ticketAcknowledge}"`)) {
      await workspace.click(person, channel, ticket.ts, actions.ticketAcknowledge).catch(() => {});
    }
    await sleep(lookEveryMs);
  }
}
