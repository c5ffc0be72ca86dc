import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fault } from '../../../src/demo/workspace/faults.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { createClient, post, refusal, startTestWorkspace } from './bolt.ts';

const hello = { channel: 'dist-north', text: 'hello' };
const lost = { code: 'slack_webapi_request_error' };
let workspace: Workspace;
let client: WebClient;

beforeEach(async () => {
  workspace = await startTestWorkspace();
  client = createClient(workspace);
});

afterEach(() => workspace.close());

const send = (faults: unknown) =>
  fetch(`${workspace.url}/control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
const put = async (...faults: readonly Fault[]) => expect((await send(faults)).status).toBe(204);
const texts = () => workspace.messages('dist-north').map(({ text }) => text);

test('another process sees messages and calls', async () => {
  await post(client, hello);
  const read = async (what: string) => (await fetch(`${workspace.url}/control/${what}`)).json();
  expect(await read('messages')).toMatchObject({ messages: [{ text: 'hello', channel: 'C0NORTH' }] });
  expect(await read('calls')).toMatchObject({ calls: [{ method: 'chat.postMessage', ok: true }] });
});

test.each([
  [{ kind: 'late-effect', method: 'chat.postMessage', times: 1 }, 'late-effect: ms is missing or wrong'],
  [{ kind: 'gone' }, 'kind must be one of'],
  [{ kind: 'heal', now: true }, 'heal: now is unknown'],
  [[{ kind: 'heal' }, 7], 'fault 1: must be an object'],
])('the wrong fault %j is refused, and none is put into force', async (faults, why) => {
  const answer = await send(faults);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(why)]);
});

test('a call whose sender gave it up takes effect later', async () => {
  await put({ kind: 'late-effect', method: 'chat.postMessage', times: 1, ms: 100 });
  await expect(post(client, hello)).rejects.toMatchObject(lost);
  expect(texts()).toEqual([]);
  await workspace.waitFor(() => texts().length === 1, 'the late message');
});

test('a doubled request posts twice', async () => {
  await put({ kind: 'double', method: '*', times: 1 });
  await post(client, hello);
  expect(texts()).toEqual(['hello', 'hello']);
});

test('a silent call ends by its own timeout, without effect', async () => {
  await put({ kind: 'no-reply', method: 'chat.postMessage', times: 1 });
  await expect(post(createClient(workspace, { timeout: 50 }), hello)).rejects.toMatchObject(lost);
  expect(texts()).toEqual([]);
});

test.each(['reset', 'silent', 'status'] as const)('an outage (%s) lasts until it is healed', async (how) => {
  await put({ kind: 'outage', how });
  const hasty = createClient(workspace, { timeout: 50 });
  await expect(post(hasty, hello)).rejects.toHaveProperty('code');
  await expect(post(hasty, hello)).rejects.toHaveProperty('code');
  await put({ kind: 'heal' });
  await post(client, hello);
  expect(texts()).toEqual(['hello']);
});

test("Slack's clock differs from ours in its Date, and in what it posts", async () => {
  await put({ kind: 'clock', offsetMs: -150_000 });
  const { ts } = await post(client, hello);
  expect(Date.now() - Number(ts) * 1000).toBeGreaterThan(149_000);
  const { headers } = await fetch(`${workspace.apiUrl}api.test`, { method: 'POST' });
  expect(Date.now() - Date.parse(headers.get('date') ?? '')).toBeGreaterThan(149_000);
});

test('a healed workspace forgets the faults that were to come', async () => {
  await put({ kind: 'error', method: '*', times: 5, error: 'fatal_error' });
  expect((await refusal(post(client, hello))).error).toBe('fatal_error');
  await put({ kind: 'heal' });
  await post(client, hello);
});
