import type { ChatMessage } from '../../domain/chat.ts';
import type { Delivery } from '../../domain/store/deliveries.ts';
import { renderRecoveryOffer } from '../../messages/recovery-offer.ts';
import type { Deps } from '../deps.ts';

/** An offer's message as the failed jobs are now; null when it is gone, or nothing was left before anybody saw it. */
export async function renderOffer(deps: Deps, { subjectId: id, ts }: Delivery): Promise<ChatMessage | null> {
  const { offer, failures } = await deps.store.transaction(async (tx) => {
    const found = await tx.offer(id);
    return { offer: found, failures: found ? await tx.openFailures([found.server]) : [] };
  });
  if (!offer) return null;
  const isOffered = ({ server, recipient }: (typeof failures)[number]) =>
    server === offer.server && (offer.recipients?.includes(recipient) ?? true);
  const offered = failures.filter(isOffered);
  if (ts === null && offered.length === 0) return null;
  return renderRecoveryOffer(offer, offered, deps.policies.timeZone);
}
