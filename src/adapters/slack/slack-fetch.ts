import type { webApi } from '@slack/bolt';
import { readRetryAfterS } from './retry-after.ts';
import type { SlackClock } from './slack-clock.ts';

type SlackFetch = NonNullable<webApi.WebClientOptions['fetch']>;
/** As the platform's `fetch`. */
export type Send = (...request: Parameters<SlackFetch>) => Promise<Response>;

/**
 * `fetch` for Slack's clients. It reads Slack's time from each response, and bounds `Retry-After`: the client takes any
 * number, and without one it throws an error that names no cause.
 */
export function createSlackFetch(
  clock: SlackClock,
  elapsedMs: () => number,
  send: Send = (url, init) => fetch(url, init),
): SlackFetch {
  return async (url, init) => {
    const sentMs = elapsedMs();
    const response = await send(url, init);
    // A proxy's error page bears the proxy's date.
    if (response.status < 500) clock.observe(response.headers.get('date'), sentMs);
    return response.status === 429
      ? withBoundedWait(response, clock.now()?.earliest ?? new Date())
      : response;
  };
}

async function withBoundedWait(response: Response, now: Date): Promise<Response> {
  await response.body?.cancel();
  const retryAfterS = readRetryAfterS(response.headers.get('retry-after'), now);
  return new Response(null, { status: 429, headers: { 'retry-after': String(retryAfterS) } });
}
