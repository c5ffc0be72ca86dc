import type { SlackTime } from '../../domain/chat.ts';
import type { ClaimedDelivery } from '../../domain/store/deliveries.ts';
import type { Deps } from '../deps.ts';
import { type HeldLease, holdLease } from '../hold-lease.ts';

/**
 * A claim that is older belongs to a bot that died in the middle of a call: longer than any call to Slack
 * takes, so that a request still on its way can't be overlooked.
 */
export const claimLifetimeMs = 15_000;
/** A delivery that is this bot's to send. */
export type Claimed = Omit<ClaimedDelivery, 'since'> & {
  /** When the claim began, or began anew. */
  since: Date;
  /** Slack's time before the claim; null while Slack has not answered yet. */
  readonly slack: SlackTime | null;
};

/** A delivery while it is being sent. */
export type Sending = Claimed & {
  /** Of the claim: renewed until the delivery is sent, however long that takes. */
  readonly lease: HeldLease;
};

/** Holds the claim of a delivery while it is being sent, however long that takes. */
export function holdClaim(deps: Deps, claimed: Claimed): HeldLease {
  return holdLease(deps, {
    name: `delivery ${claimed.id}`,
    lengthMs: claimLifetimeMs,
    async renew(tx) {
      const renewed = await tx.renewClaim(claimed.id, claimed.since);
      if (renewed) claimed.since = renewed;
      return renewed !== null;
    },
  });
}
