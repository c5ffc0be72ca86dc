interface Allowance {
  readonly calls: number;
  readonly windowMs: number;
  /** Counted for each channel on its own. */
  readonly byChannel?: boolean;
}

const minuteMs = 60_000;
const tier1: Allowance = { calls: 20, windowMs: minuteMs };
const tier2: Allowance = { calls: 20, windowMs: minuteMs };
const tier3: Allowance = { calls: 50, windowMs: minuteMs };
const tier4: Allowance = { calls: 100, windowMs: minuteMs };

/**
 * What Slack publishes: so many calls of a method in a sliding window (https://docs.slack.dev/apis/web-api/rate-limits).
 * Posting is one a second in a channel, with a short burst tolerated. Tier 1 is 1+ a minute in Slack; twenty
 * let ten sockets connect, and once more.
 */
const allowances: Readonly<Record<string, Allowance>> = {
  'chat.postMessage': { calls: 6, windowMs: 5000, byChannel: true },
  'chat.update': tier3,
  'chat.delete': tier3,
  'chat.postEphemeral': tier4,
  'chat.getPermalink': tier4,
  'conversations.history': tier3,
  'conversations.replies': tier3,
  'conversations.open': tier3,
  'conversations.info': tier3,
  'conversations.join': tier3,
  'conversations.members': tier4,
  'conversations.list': tier2,
  'users.info': tier4,
  'users.list': tier2,
  'users.lookupByEmail': tier3,
  'usergroups.users.list': tier2,
  'reactions.add': tier3,
  'views.open': tier4,
  'views.update': tier4,
  'views.push': tier4,
  'views.publish': tier4,
  'files.getUploadURLExternal': tier4,
  'files.completeUploadExternal': tier4,
  'apps.connections.open': tier1,
};

/** Counts calls by the workspace's clock, as its triggers expire. A clock that is set back forgets what lies ahead of it. */
export class RateLimits {
  readonly #now: () => Date;
  readonly #calls = new Map<string, number[]>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Null when the call may go ahead (it is counted), else after how many whole seconds to try again. */
  take(method: string, channel: string): number | null {
    const allowance = allowances[method];
    if (!allowance) return null;
    const key = allowance.byChannel ? `${method} ${channel}` : method;
    const now = this.#now().getTime();
    const recent = (this.#calls.get(key) ?? []).filter((at) => at <= now && now - at < allowance.windowMs);
    const blocking = recent.length >= allowance.calls ? recent[recent.length - allowance.calls] : undefined;
    if (blocking === undefined) recent.push(now);
    this.#calls.set(key, recent);
    return blocking === undefined
      ? null
      : Math.max(1, Math.ceil((blocking + allowance.windowMs - now) / 1000));
  }
}
