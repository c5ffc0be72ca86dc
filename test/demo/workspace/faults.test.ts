import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { createClient, post, refusal, startTestWorkspace } from './bolt.ts';

const hello = { channel: 'dist-north', text: 'hello' };

describe('a workspace that misbehaves', () => {
  let workspace: Workspace;
  let client: WebClient;

  beforeEach(async () => {
    workspace = await startTestWorkspace();
    client = createClient(workspace);
  });

  afterEach(() => workspace.close());

  it('answers 429 with Retry-After as often as told, without effect', async () => {
    workspace.misbehave({ kind: 'rate-limit', method: 'chat.postMessage', times: 1, retryAfterS: 7 });
    await expect(post(client, hello)).rejects.toMatchObject({ retryAfter: 7 });
    expect(workspace.messages('dist-north')).toEqual([]);
    await post(client, hello);
    expect(workspace.calls().map(({ ok, error }) => [ok, error])).toEqual([
      [false, 'ratelimited'],
      [true, null],
    ]);
  });

  it('loses a reply after the message is posted, once', async () => {
    workspace.misbehave({ kind: 'lose-reply', method: 'chat.postMessage', times: 1 });
    await expect(post(client, hello)).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(workspace.messages('dist-north')).toHaveLength(1);
    expect(workspace.calls()).toMatchObject([{ method: 'chat.postMessage', ok: true }]);
  });

  it('posts again and again for a client that retries lost replies', async () => {
    workspace.misbehave({ kind: 'lose-reply', method: 'chat.postMessage', times: 2 });
    const eager = createClient(workspace, { retryConfig: { retries: 2, minTimeout: 1, maxTimeout: 1 } });
    await post(eager, hello);
    expect(workspace.messages('dist-north')).toHaveLength(3);
  });

  it('answers a status, or an error of Slack', async () => {
    workspace.misbehave({ kind: 'status', method: 'chat.postMessage', times: 1, status: 503 });
    workspace.misbehave({ kind: 'error', method: 'chat.postMessage', times: 1, error: 'fatal_error' });
    await expect(post(client, hello)).rejects.toMatchObject({ statusCode: 503 });
    expect((await refusal(post(client, hello))).error).toBe('fatal_error');
    expect(workspace.messages('dist-north')).toEqual([]);
  });

  it('answers late', async () => {
    workspace.misbehave({ kind: 'delay', method: 'chat.postMessage', times: 1, ms: 2000 });
    const hasty = createClient(workspace, { timeout: 1000 });
    await expect(post(hasty, hello)).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    await workspace.waitFor(() => workspace.messages('dist-north').length === 1, 'the late message');
  });

  it('holds a burst in one channel to about one message a second, and not other channels', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => post(client, hello)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(4);
    expect(refused[0]?.reason).toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 5 });
    await post(client, { channel: 'U0ANA', text: 'hello' });
  });
});
