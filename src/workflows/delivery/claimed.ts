import type { SlackTime } from '../../domain/chat.ts';
import type { ClaimedDelivery } from '../../domain/store/deliveries.ts';
import { isTimeUp } from '../../domain/time-up.ts';
import type { Deps } from '../deps.ts';

/**
 * A claim that is older belongs to a bot that died in the middle of a call: longer than any call to Slack
 * takes, so that a request still on its way can't be overlooked.
 */
export const claimLifetimeMs = 15_000;
/** A call begins with at least as much of its claim left as Slack may take to answer. */
const callTakesMs = 11_000;

/** A delivery that is this bot's to send. */
export type Claimed = Omit<ClaimedDelivery, 'since'> & {
  /** When the claim began, or began anew. */
  since: Date;
  /** Slack's time before the claim; null while Slack has not answered yet. */
  readonly slack: SlackTime | null;
};

/** Gives a claim that wears out its whole time anew; false where it is another bot's by now. */
export async function renewIfWornOut(deps: Deps, claimed: Claimed): Promise<boolean> {
  const freshMs = claimLifetimeMs - callTakesMs;
  // Counting for a report, or looking through a busy channel, takes its time.
  if (!isTimeUp(new Date(claimed.since.getTime() + freshMs), deps.clock.now(), freshMs)) return true;
  const renewed = await deps.store.transaction((tx) => tx.renewClaim(claimed.id, claimed.since));
  if (renewed) claimed.since = renewed;
  return renewed !== null;
}
