import type { Sight, WatchPolicy, WatchState } from '../domain/watch.ts';

export interface WatchDecision {
  readonly state: WatchState;
  /** What is to be told, if anything is. */
  readonly event: 'recovered' | 'flapping' | null;
  /** A stable word. */
  readonly reason:
    | 'never-down'
    | 'down'
    | 'cut-off'
    | 'not-seen'
    | 'came-up'
    | 'not-stable-yet'
    | 'stable'
    | 'relapsed';
  readonly lookAt: Date;
}

/** The relapse at which people are told, once for each time that it is down. */
const flappingRelapses = 2;

/**
 * What a look at something that may come back means (B2). Only what was down can recover: once, when it has answered at every
 * look for the configured time. One that goes down meanwhile begins again; where it does so twice, that is told once. What is
 * behind a broken link has no relapses of its own.
 */
export function decideWatch(state: WatchState, sight: Sight, now: Date, policy: WatchPolicy): WatchDecision {
  const { downSince, upSince, watchedSince } = state;
  const decide = (
    reason: WatchDecision['reason'],
    change: Partial<WatchState>,
    waitMs: number,
    event: WatchDecision['event'] = null,
  ): WatchDecision => ({
    state: { ...state, ...change },
    event,
    reason,
    lookAt: new Date(now.getTime() + waitMs),
  });

  if (sight === 'unknown') return decide('not-seen', {}, policy.everyMs);
  if (sight === 'cut-off') {
    return decide(
      'cut-off',
      { downSince: downSince ?? now, upSince: null },
      backOff(downSince ?? now, now, policy),
    );
  }
  if (sight === 'down') {
    if (upSince === null)
      return decide('down', { downSince: downSince ?? now }, backOff(downSince ?? now, now, policy));
    const relapses = state.relapses + 1;
    const event = relapses === flappingRelapses ? 'flapping' : null;
    return decide('relapsed', { upSince: null, relapses }, policy.everyMs, event);
  }
  if (downSince === null) return decide('never-down', {}, backOff(watchedSince, now, policy));
  const stableAt = (upSince ?? now).getTime() + policy.stableMs;
  if (stableAt > now.getTime()) {
    const waitMs = Math.min(policy.everyMs, stableAt - now.getTime());
    return decide(upSince ? 'not-stable-yet' : 'came-up', { upSince: upSince ?? now }, waitMs);
  }
  const asNew = { watchedSince: now, downSince: null, upSince: null, relapses: 0 };
  return decide('stable', asNew, policy.everyMs, 'recovered');
}

/** The longer it lasts, the less a look is likely to see anything new. */
function backOff(since: Date, now: Date, { everyMs, longestMs }: WatchPolicy): number {
  return Math.min(longestMs, Math.max(everyMs, (now.getTime() - since.getTime()) / 4));
}
