import type { Tx } from '../../domain/store/store.ts';
import type { WatchRecord } from '../../domain/store/watches.ts';
import type { WatchPolicy } from '../../domain/watch.ts';
import { codeSpan } from '../../messages/escape.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { showDuration } from '../../messages/wording.ts';
import type { Deps } from '../deps.ts';
import { channelOfServer } from '../redistribution/server-channel.ts';
import { changeTicket } from '../ticket/change-ticket.ts';
import { addToThread } from '../ticket/ticket-message.ts';
import { findAffected, namesBehind, offerRedistribution } from './offer-redistribution.ts';

/**
 * Something is back: that is its repair (B2), and for a link that of what is behind it. Its tickets are repaired, and what failed
 * is offered for redistribution (B4).
 */
export async function tellRecovery(
  deps: Deps,
  tx: Tx,
  watch: WatchRecord,
  policy: WatchPolicy,
): Promise<void> {
  const names = namesBehind(deps, watch);
  if (watch.link) {
    await tx.resetWatches(
      names.filter((name) => name !== watch.target),
      deps.clock.now(),
    );
  }
  for (const name of names) await repairTickets(deps, tx, name, watch, policy);
  await offerRedistribution(deps, tx, watch);
}

async function repairTickets(
  deps: Deps,
  tx: Tx,
  name: string,
  watch: WatchRecord,
  policy: WatchPolicy,
): Promise<void> {
  const stable = `answers for ${showDuration(policy.stableMs)} without a break`;
  const note = name === watch.target ? `It ${stable}.` : `${watch.target}, which it is behind, ${stable}.`;
  for (const { id, combinedInto, flapping } of await tx.shownTicketsAbout([name])) {
    // What comes and goes is back often, and so not repaired.
    if (combinedInto !== null || flapping?.since != null) continue;
    const detail = { reason: 'came-back', note };
    await changeTicket(deps, tx, id, { event: 'repair', by: null, detail });
  }
}

/** Told once for each time that it is down: in its ticket's thread, else where its server is talked about. */
export async function tellFlapping(
  deps: Deps,
  tx: Tx,
  watch: WatchRecord,
  policy: WatchPolicy,
): Promise<void> {
  const text = `:repeat: ${codeSpan(watch.target)} goes up and down. Nothing is proposed until it answers for ${showDuration(policy.stableMs)} without a break.`;
  const [ticket] = await tx.shownTicketsAbout([watch.target]);
  if (ticket) return addToThread(deps, tx, ticket, renderMarkup(text));
  const [first] = await findAffected(deps, tx, watch);
  const channel = first && channelOfServer(deps, first.server);
  if (!channel) return;
  const body = renderMarkup(text);
  const note = {
    id: deps.newId(),
    kind: 'note',
    subjectId: watch.target,
    channel,
    parentId: null,
    body,
  } as const;
  await tx.wantDelivery(note, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel });
}
