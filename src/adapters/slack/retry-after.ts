const defaultS = 30;
const shortestS = 1;
/** Slack asks for a minute at most; what is longer comes from a proxy, or is an error. */
const longestS = 300;

/**
 * Reads `Retry-After`, seconds or a date (RFC 9110, 10.2.3), as whole seconds from 1 to 300. What can't be read, and
 * what is missing, is 30 s.
 */
export function readRetryAfterS(header: string | null, now: Date): number {
  const text = header?.trim() ?? '';
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return boundRetryAfterS(Number(text));
  const untilMs = Date.parse(text);
  return Number.isNaN(untilMs) ? defaultS : boundRetryAfterS((untilMs - now.getTime()) / 1000);
}

/** `NaN` is what could not be read. */
export function boundRetryAfterS(seconds: number): number {
  return Number.isNaN(seconds) ? defaultS : Math.ceil(Math.min(longestS, Math.max(shortestS, seconds)));
}
