import { webApi } from '@slack/bolt';
import { expect, test } from 'vitest';
import { toChatError, toJoinError } from '../../../src/adapters/slack/failures.ts';

function refusal(error: string): webApi.WebAPIPlatformError {
  return new webApi.WebAPIPlatformError({ ok: false, error, response_metadata: {} });
}

function broken(cause: unknown): webApi.WebAPIRequestError {
  return new webApi.WebAPIRequestError(new TypeError('fetch failed', { cause }));
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}

test.each<[what: string, error: unknown, meaning: object]>([
  ['429', new webApi.WebAPIRateLimitedError(30), { failure: 'rate-limited', retryAfterMs: 30_000 }],
  ['ratelimited in the body', refusal('ratelimited'), { failure: 'rate-limited', retryAfterMs: 30_000 }],
  ['channel_not_found', refusal('channel_not_found'), { failure: 'refused', slackCode: 'channel_not_found' }],
  ['internal_error', refusal('internal_error'), { failure: 'unknown', slackCode: 'internal_error' }],
  ['fatal_error', refusal('fatal_error'), { failure: 'unknown' }],
  ["a proxy's page", refusal('<html>Bad gateway</html>'), { failure: 'unknown', slackCode: null }],
  ['HTTP 500', new webApi.WebAPIHTTPError(500, '', {}), { failure: 'unknown' }],
  ['HTTP 408', new webApi.WebAPIHTTPError(408, '', {}), { failure: 'unknown' }],
  ['HTTP 404', new webApi.WebAPIHTTPError(404, '', {}), { failure: 'refused', slackCode: null }],
  ['a refused connection', broken(withCode('ECONNREFUSED')), { failure: 'not-sent' }],
  ['no such host', broken(withCode('ENOTFOUND')), { failure: 'not-sent' }],
  ['a connection that hung up', broken(withCode('UND_ERR_SOCKET')), { failure: 'unknown' }],
  ['a reset', broken(withCode('ECONNRESET')), { failure: 'unknown' }],
  [
    'a timeout',
    new webApi.WebAPIRequestError(new DOMException('late', 'TimeoutError')),
    { failure: 'unknown' },
  ],
  [
    'a body that breaks off',
    new TypeError('terminated', { cause: withCode('UND_ERR_SOCKET') }),
    { failure: 'unknown' },
  ],
  ['anything else', 'odd', { failure: 'unknown' }],
])('%s', (_, error, meaning) => {
  expect(toChatError('chat.postMessage', error)).toMatchObject({ name: 'ChatError', ...meaning });
});

test.each([
  ['bot token', 'xoxb-'],
  ['app token', 'xapp-'],
] as const)('a refused %s says which token is wanted', (what, wanted) => {
  expect(toJoinError(what, refusal('invalid_auth'))).toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining(wanted),
  });
});

test('Slack being away is not a wrong token', () => {
  expect(toJoinError('bot token', broken(withCode('ECONNREFUSED')))).toMatchObject({ failure: 'not-sent' });
});
