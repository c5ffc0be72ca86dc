import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSlack, type Slack } from '../../../src/adapters/slack/slack.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import { recordLog } from '../../support/recorded-log.ts';

const tokens = { botToken: 'xoxb-test-1', appToken: 'xapp-test-1' };
const handlers = {
  onCommand: async () => ({ text: 'taken', blocks: [] }),
  onClick: async () => {},
  onSubmit: async () => null,
};

let workspace: Workspace;
let slack: Slack;
let log: ReturnType<typeof recordLog>;

beforeEach(async () => {
  workspace = await startWorkspace({
    ...tokens,
    limits: 'off',
    users: [{ id: 'U0ANNA', name: 'anna', realName: 'Anna', tz: 'UTC' }],
    channels: [{ id: 'C0NORTH', name: 'north' }],
  });
  log = recordLog();
  slack = createSlack({
    botToken: () => tokens.botToken,
    appToken: () => tokens.appToken,
    apiUrl: workspace.apiUrl,
    sockets: 2,
    log,
    clock: { now: () => new Date() },
  });
});

afterEach(async () => {
  await slack.stop();
  await workspace.close();
});

const joined = () => workspace.waitFor(() => workspace.connections === 2, 'both sockets', 20_000);
const command = async () => (await workspace.command('U0ANNA', 'C0NORTH', '/restage hi')).ack;

test.each(['reset', 'status'] as const)(
  'a bot that starts during an outage (%s) says what it waits for, and joins when Slack is back',
  async (how) => {
    workspace.misbehave({ kind: 'outage', how });
    await expect(slack.start(handlers)).resolves.toMatchObject({ failure: 'unknown' });
    expect(slack.health()).toMatchObject({ isReached: false, sockets: { open: 0 } });
    expect(slack.health().clicksBlockedBy).toContain('auth.test');
    expect(log.entries.map(({ message }) => message)).toContain(
      'waiting for slack; mail is taken in meanwhile',
    );
    workspace.misbehave({ kind: 'heal' });
    await joined();
    expect(await command()).toMatchObject({ text: 'taken' });
    await vi.waitFor(() => expect(slack.health().sockets.open).toBe(2));
    expect(slack.health()).toMatchObject({ isReached: true, clicksBlockedBy: null });
  },
);

test('a bot to which a silent Slack does not answer says within 2 s what it waits for', async () => {
  workspace.misbehave({ kind: 'outage', how: 'silent' });
  const starting = slack.start(handlers);
  await vi.waitFor(() => expect(log.entries[0]?.fields).toEqual({ reason: 'no answer yet' }), 2000);
  workspace.misbehave({ kind: 'heal' });
  await starting;
  await joined();
});

test.each([
  ['a page in the place of JSON', { kind: 'status', status: 200, body: '<html>hotel login</html>' }],
  ['an internal error', { kind: 'error', error: 'internal_error' }],
  ['a revoked token', { kind: 'error', error: 'token_revoked' }],
  ['status 500', { kind: 'status', status: 500 }],
] as const)('%s at the start is got over', async (_, fault) => {
  workspace.misbehave({ ...fault, method: 'auth.test', times: 1 });
  workspace.misbehave({ ...fault, method: 'apps.connections.open', times: 1 });
  expect(await slack.start(handlers)).toBeInstanceOf(Error);
  await joined();
  expect(await command()).toMatchObject({ text: 'taken' });
});

test.each([[-5], [1e14], ['NaN'], ['Thu, 01 Jan 1970 00:00:00 GMT'], ['']])(
  'Retry-After of %j is not believed',
  async (retryAfterS) => {
    workspace.misbehave({ kind: 'rate-limit', method: 'chat.postMessage', times: 1, retryAfterS });
    const posting = slack.post({ channel: 'C0NORTH', threadTs: null }, { text: 'a', blocks: [] }, stamp);
    const failure: unknown = await posting.catch((error: unknown) => error);
    expect(failure).toMatchObject({ failure: 'rate-limited' });
    expect([1000, 30_000, 300_000]).toContain((failure as { retryAfterMs: number }).retryAfterMs);
  },
);
const stamp = { deliveryId: 'd1', revision: 1 };

test.each(['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets', 'something new'])(
  'a socket that Slack ends for the reason "%s" is replaced',
  async (reason) => {
    await slack.start(handlers);
    workspace.misbehave({ kind: 'disconnect', reason });
    await joined();
    expect(await command()).toMatchObject({ text: 'taken' });
  },
);

test.each([
  ['binary', { encoding: 'base64', data: 'AAH/' }],
  ['malformed', { encoding: 'text', data: '{"type":' }],
  ['unknown', { encoding: 'text', data: '{"type":"bye","envelope_id":{"a":1}}' }],
  [
    'with a reason that is an object',
    { encoding: 'text', data: '{"type":"disconnect","reason":{"toString":1}}' },
  ],
  ['without an inner event', { encoding: 'text', data: '{"type":"events_api","envelope_id":"e"}' }],
  ['huge', { encoding: 'text', data: `"${'x'.repeat(3_000_000)}"` }],
] as const)('a frame that is %s ends nothing', async (_, frame) => {
  await slack.start(handlers);
  workspace.misbehave({ kind: 'frame', ...frame });
  await joined();
  expect(await command()).toMatchObject({ text: 'taken' });
});

test('half-open sockets are noticed and replaced', { timeout: 60_000 }, async () => {
  await slack.start(handlers);
  workspace.misbehave({ kind: 'half-open' });
  await workspace.waitFor(() => workspace.connections === 4, 'two more sockets', 50_000);
  await vi.waitFor(() => expect(slack.health().sockets).toMatchObject({ open: 2, counted: 4 }));
});

test('sockets that Slack counts beyond its ten are told of, and tried again until there is room', async () => {
  workspace.misbehave({ kind: 'ghosts', count: 10 });
  await slack.start(handlers);
  expect(slack.health().clicksBlockedBy).toContain('too_many_websockets');
  workspace.misbehave({ kind: 'heal' });
  await joined();
  workspace.misbehave({ kind: 'ghosts', count: 7 });
  workspace.misbehave({ kind: 'refresh' });
  await vi.waitFor(() => expect(slack.health().sockets.counted).toBe(9), 20_000);
});
