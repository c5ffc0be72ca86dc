import type { Copy, Posted } from '../../domain/chat.ts';
import type { Delivery, Doubt } from '../../domain/store/deliveries.ts';
import type { Deps } from '../deps.ts';
import type { Claimed } from './claimed.ts';
import { decideDoubles } from './decide-doubles.ts';
import { waitForLook } from './next-look.ts';

/** What is known of a delivery's message in Slack. */
export interface Standing {
  readonly posted: Posted | null;
  /** The revision that it shows. */
  readonly sent: number;
  readonly doubt: Doubt | null;
  readonly lookAt: Date | null;
}

/** As the database has it. */
export function standingOf({ postedChannel: channel, ts, sent, doubt, lookAt }: Delivery): Standing {
  return { posted: channel !== null && ts !== null ? { channel, ts } : null, sent, doubt, lookAt };
}

/** A look is due: before a post always, afterwards by its time. */
export function needsLook(deps: Deps, { posted, doubt, lookAt }: Standing): boolean {
  return doubt !== null && (posted === null || lookAt === null || lookAt <= deps.clock.now());
}

/**
 * Looks for what calls of unknown outcome did: leaves one message of several, and finds an outdated one by its revision.
 * Rejects with `ChatError` when it could not be finished; it can be done again.
 */
export async function look(deps: Deps, delivery: Claimed, standing: Standing): Promise<Standing> {
  const { posted, doubt } = standing;
  if (!doubt) return standing;
  const target = { channel: delivery.channel, threadTs: delivery.threadTs };
  const search = { target, deliveryId: delivery.id, since: doubt.postSince, known: posted };
  const { earliest } = await deps.chat.time();
  const copies = await deps.chat.copies(search);
  const keep = await leaveOne(deps, delivery, copies);
  if (keep && posted && keep.ts !== posted.ts) await moveReplies(deps, delivery);
  const waitMs = waitForLook(doubt, earliest, deps.policies.delivery.lateEffectMs);
  return {
    posted: keep ?? posted,
    sent: keep ? (keep.revision ?? (delivery.body ? delivery.wanted : 0)) : standing.sent,
    doubt: waitMs === null ? null : doubt,
    lookAt: waitMs === null ? null : new Date(deps.clock.now().getTime() + waitMs),
  };
}

async function leaveOne(deps: Deps, { id }: Delivery, copies: readonly Copy[]): Promise<Copy | null> {
  const { keep, remove, link } = decideDoubles(copies);
  if (!keep || copies.length === 1) return keep;
  deps.log.warn(
    { delivery: id, removed: remove.length, linked: link.length },
    'message stood in slack more than once',
  );
  for (const { channel, ts } of remove) await deps.chat.remove({ channel, ts });
  for (const { channel, ts } of link) await deps.chat.linkTo({ channel, ts }, keep);
  return keep;
}

/** What stands in the thread of a message that is gone is posted anew, in the thread of the one that stayed. */
async function moveReplies(deps: Deps, { id }: Delivery): Promise<void> {
  const replies = await deps.store.transaction((tx) => tx.repliesTo(id));
  for (const reply of replies) {
    await deps.chat.remove(reply.posted);
    await deps.store.transaction((tx) => tx.postAnew(reply.id, deps.clock.now()));
  }
}
