import { webApi } from '@slack/bolt';
import { ChatError } from '../../domain/chat.ts';
import { RestageError } from '../../domain/errors.ts';
import { boundRetryAfterS } from './retry-after.ts';

/** Nothing was sent when connecting itself failed. */
const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const fileWaitMs = 5_000;
/** Slack's codes for "something broke on our side": the call may have been done. */
const maybeDone = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
/** Slack's codes for a token that opens nothing (https://docs.slack.dev/reference/methods/auth.test#errors). */
const unauthorized = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'org_login_required',
  'team_access_not_granted',
  'access_denied',
]);

/** What a failed call of Slack's WebClient means for the caller; see `ChatFailure`. */
export function toChatError(method: string, error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof webApi.WebAPIRateLimitedError) return rateLimited(method, error.retryAfter, error);
  if (error instanceof webApi.WebAPIPlatformError) {
    return isAboutNewFile(error)
      ? new ChatError('refused', `${method}: Slack does not show the uploaded file yet`, {
          slackCode: error.data.error,
          retryAfterMs: fileWaitMs,
          cause: error,
        })
      : platformError(method, error.data.error, error);
  }
  if (error instanceof webApi.WebAPIHTTPError) return statusError(method, error.statusCode, error);
  return connectionError(method, error);
}

/** Slack refuses to show a file until it has found out what it is (slackapi/java-slack-sdk#1349). */
function isAboutNewFile({ data }: webApi.WebAPIPlatformError): boolean {
  const messages = data.response_metadata?.messages ?? [];
  return data.error === 'invalid_blocks' && messages.some((one) => one.includes('invalid slack file'));
}

/** By HTTP status alone: a 4xx is Slack's no, anything else leaves the outcome open. */
export function statusError(method: string, status: number, cause?: unknown): ChatError {
  if (status === 429) return rateLimited(method, Number.NaN, cause);
  const refused = status >= 400 && status < 500 && status !== 408;
  const failure = refused ? 'refused' : 'unknown';
  return new ChatError(failure, `${method}: Slack answered with HTTP status ${status}`, { cause });
}

/** By the code in Slack's answer. A body that is no such code (a proxy's page) leaves the outcome open. */
export function platformError(method: string, code: unknown, cause?: unknown): ChatError {
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_]{1,80}$/.test(code)) {
    return new ChatError('unknown', `${method}: the answer is not one of Slack's`, { cause });
  }
  if (code === 'ratelimited' || code === 'rate_limited') return rateLimited(method, Number.NaN, cause);
  const failure = maybeDone.has(code) ? 'unknown' : unauthorized.has(code) ? 'unauthorized' : 'refused';
  return new ChatError(failure, `${method}: Slack answered ${code}`, { slackCode: code, cause });
}

/** No answer at all: nothing was sent when there was no connection, else nobody knows. */
export function connectionError(method: string, error: unknown): ChatError {
  const codes = errorCodes(error);
  const refused = codes.find((code) => notConnected.has(code));
  if (refused !== undefined) {
    return new ChatError('not-sent', `${method}: no connection to Slack (${refused})`, { cause: error });
  }
  const why = codes[0] ?? (error instanceof Error ? error.name : 'no reason given');
  return new ChatError('unknown', `${method}: no answer from Slack (${why})`, { cause: error });
}

/** Why Slack can't be joined: a `ChatError`, or `config-invalid` where somebody has to change a token. */
export function toJoinError(what: 'bot token' | 'app token', error: unknown): ChatError | RestageError {
  const method = what === 'bot token' ? 'auth.test' : 'apps.connections.open';
  const failure = toChatError(method, error);
  const isRefused = failure.failure === 'refused' || failure.failure === 'unauthorized';
  if (!isRefused || failure.slackCode === null) return failure;
  const advice =
    what === 'bot token'
      ? 'Use the "Bot User OAuth Token" (xoxb-…) from the page "OAuth & Permissions" of the Slack app, and install the app to the workspace.'
      : 'Use an "App-Level Token" (xapp-…) with the scope connections:write from the page "Basic Information" of the Slack app, and turn Socket Mode on.';
  return new RestageError('config-invalid', `Slack refused the ${what} (${failure.slackCode}). ${advice}`, {
    cause: error,
  });
}

/** `NaN`: Slack did not say how long. */
function rateLimited(method: string, retryAfterS: number, cause: unknown): ChatError {
  const retryAfterMs = boundRetryAfterS(retryAfterS) * 1000;
  return new ChatError('rate-limited', `${method}: Slack asks to wait ${retryAfterMs} ms`, {
    slackCode: 'ratelimited',
    retryAfterMs,
    cause,
  });
}

/** The codes along the chain of causes, outermost first. */
function errorCodes(error: unknown): string[] {
  const codes: string[] = [];
  let next: unknown = error;
  for (let depth = 0; next instanceof Error && depth < 8; depth += 1) {
    if ('code' in next && typeof next.code === 'string' && !next.code.startsWith('slack_'))
      codes.push(next.code);
    next = 'original' in next ? next.original : next.cause;
  }
  return codes;
}
