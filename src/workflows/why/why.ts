import type { ChatMessage, SlashCommand } from '../../domain/chat.ts';
import { suggestWords } from '../../domain/suggest.ts';
import { clampText } from '../../messages/clamp-text.ts';
import { renderNotice } from '../../messages/notice.ts';
import { renderWhy, type WhyView } from '../../messages/why.ts';
import { type WhyAsked, readWhy } from '../../ticket/read-why.ts';
import type { Deps } from '../deps.ts';
import { whyDevice } from './why-device.ts';
import { whyMail } from './why-mail.ts';
import { whyTicket } from './why-ticket.ts';

export const whyUsage =
  '`/restage why DEVICE, TICKET or MAIL` says why there is a ticket or none, gate by gate: `/restage why int-38`, `/restage why #12`, `/restage why mail 17`.';

/** `/restage why …`: every gate with its values, in sentences. Probes nothing and changes nothing. */
export async function explainWhy(
  deps: Deps,
  _command: SlashCommand,
  words: readonly string[],
): Promise<ChatMessage> {
  const asked = readWhy(words);
  if (!asked) return renderNotice(`Usage: ${whyUsage}`);
  const view = await lookUp(deps, asked);
  return view ? renderWhy(view) : renderNotice(describeUnknown(deps, asked));
}

/** A bare number is a ticket's if there is such a ticket, else a mail's. */
async function lookUp(deps: Deps, asked: WhyAsked): Promise<WhyView | null> {
  switch (asked.kind) {
    case 'device':
      return whyDevice(deps, asked.name);
    case 'ticket':
      return whyTicket(deps, asked.id);
    case 'mail':
      return whyMail(deps, asked.id);
    case 'number': {
      const ticket = await whyTicket(deps, asked.id);
      if (!ticket) return whyMail(deps, asked.id);
      const hasMail = await deps.store.transaction((tx) => tx.storedMail(asked.id));
      return hasMail ? { ...ticket, hint: `Mail ${asked.id}: \`/restage why mail ${asked.id}\`` } : ticket;
    }
  }
}

/** So that people can see the right one at a glance. */
const suggested = 3;

function describeUnknown({ inventory }: Deps, asked: WhyAsked): string {
  if (asked.kind === 'number') return `There is neither a ticket nor a mail ${asked.id}.`;
  if (asked.kind !== 'device') return `There is no ${asked.kind} ${asked.id}.`;
  const known = inventory.all().map(({ name }) => name);
  const near = suggestWords(asked.name, known, suggested).map((name) => `\`${name}\``);
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
  return `“${clampText(asked.name, 60)}” is in no alert of the last week, and the inventory does not know it.${hint}`;
}
