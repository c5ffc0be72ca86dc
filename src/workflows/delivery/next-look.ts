import type { SlackTime } from '../../domain/chat.ts';
import type { Doubt } from '../../domain/store/deliveries.ts';

/**
 * Slack states no bound for late effects. The first look, after `lateEffect`, decides whether to post again; this one
 * finds what took effect later than anybody expects.
 */
const lastLookAfterMs = 300_000;

/**
 * How long to wait for the next look, in milliseconds; null if no more is needed, since a look at this time by Slack's
 * clock has seen all that a given-up call can have done.
 */
export function waitForLook({ givenUpAt }: Doubt, slackNow: Date, lateEffectMs: number): number | null {
  const agoMs = slackNow.getTime() - givenUpAt.getTime();
  const next = [lateEffectMs, Math.max(lateEffectMs, lastLookAfterMs)].find((afterMs) => agoMs <= afterMs);
  return next === undefined ? null : next - agoMs + 1;
}

/** A post whose outcome is known may have been doubled on its way: one look, after `lateEffect`, is enough to see that. */
export function doubtOfDoubles({ earliest, latest }: SlackTime, lateEffectMs: number): Doubt {
  return {
    postSince: earliest,
    givenUpAt: new Date(latest.getTime() + lateEffectMs - Math.max(lateEffectMs, lastLookAfterMs) - 3000),
  };
}
