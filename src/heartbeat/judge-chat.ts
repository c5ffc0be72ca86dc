import type { ChatHealth } from '../domain/chat.ts';
import { fails, type HealthCheck, type HealthPolicy, passes } from '../domain/health.ts';
import { type Judgement, type Watch, latest } from './judge-intake.ts';

/** Connections that Slack gives one app; the eleventh is refused. */
const slackAllows = 10;

/** Checks whether Slack is reached, and whether what people do there comes in. */
export function checkChat(health: ChatHealth): readonly HealthCheck[] {
  return [checkReached(health), checkSockets(health)];
}

function checkReached({ isReached, lastFailure }: ChatHealth): HealthCheck {
  if (isReached === null) return { check: 'slack', state: 'unknown', reason: null, detail: 'not called yet' };
  return isReached ? passes('slack') : fails('slack', 'slack-unreachable', lastFailure?.reason ?? null);
}

/**
 * Compares what this bot holds open with what Slack counts. Slack delivers a click to one of the connections that it counts:
 * connections of processes that are gone swallow clicks, and take the places of new ones.
 * @see https://github.com/slackapi/python-slack-sdk/issues/1940
 */
function checkSockets({ sockets: { wanted, open, counted }, clicksBlockedBy }: ChatHealth): HealthCheck {
  const check = 'slack-sockets';
  const held = `${open} of ${wanted} open, Slack counts ${counted ?? 'none yet'}`;
  if (open === 0) return fails(check, 'clicks-blocked', clicksBlockedBy ?? held);
  if (counted !== null && counted < open) return fails(check, 'sockets-unsound', held);
  if (counted !== null && counted >= slackAllows && counted > open) return fails(check, 'sockets-full', held);
  return passes(check, held);
}

/**
 * Decides whether it is a failure to tell that no click comes in. `lastOpenAt`: when any bot on this database last had a
 * socket open; `null` if none ever had.
 */
export function judgeClicks(
  { sockets: { open }, clicksBlockedBy }: ChatHealth,
  lastOpenAt: Date | null,
  { stuckAfterMs }: HealthPolicy,
  { now, startedAt }: Watch,
): Judgement {
  if (open > 0) return { verdict: 'well' };
  const since = latest(lastOpenAt ?? startedAt, startedAt);
  if (now.getTime() - since.getTime() <= stuckAfterMs) return { verdict: 'undecided' };
  return { verdict: 'failed', reason: 'clicks-blocked', since, detail: clicksBlockedBy };
}
