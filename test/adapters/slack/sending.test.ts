import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSlack, type Slack } from '../../../src/adapters/slack/slack.ts';
import { startWorkspace, type Workspace } from '../../../src/demo/workspace/workspace.ts';
import type { ChatMessage, PostTarget, Stamp } from '../../../src/domain/chat.ts';
import { silentLog } from '../../support/silent-log.ts';

const tokens = { botToken: 'xoxb-test-1', appToken: 'xapp-test-1' };
const anna = 'U0ANNA';
const north = 'C0NORTH';
const hello: ChatMessage = {
  text: 'hello',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'hello' } }],
};

let workspace: Workspace;
let slack: Slack;

function connect(): Slack {
  return createSlack({
    botToken: () => tokens.botToken,
    appToken: () => tokens.appToken,
    apiUrl: workspace.apiUrl,
    sockets: 1,
    log: silentLog,
    clock: { now: () => new Date() },
  });
}

function stamp(deliveryId: string, revision = 1): Stamp {
  return { deliveryId, revision };
}

beforeEach(async () => {
  workspace = await startWorkspace({
    ...tokens,
    limits: 'off',
    users: [{ id: anna, name: 'anna', realName: 'Anna', tz: 'Europe/Berlin' }],
    channels: [
      { id: north, name: 'north' },
      { id: 'C0SOUTH', name: 'south' },
    ],
  });
  slack = connect();
});

afterEach(() => workspace.close());

describe('sending', () => {
  const target = { channel: north, threadTs: null };
  const since = new Date(Date.now() - 60_000);
  const copies = (of: PostTarget, deliveryId: string, by = slack) =>
    by.copies({ target: of, deliveryId, since, known: null });

  test('a message can be found again by its delivery id, at top level and in a thread', async () => {
    const parent = await slack.post(target, hello, stamp('d1'));
    const reply = await slack.post({ channel: north, threadTs: parent.ts }, hello, stamp('d2'));
    await expect(copies(target, 'd1')).resolves.toMatchObject([parent]);
    await expect(copies({ channel: north, threadTs: parent.ts }, 'd2')).resolves.toMatchObject([reply]);
    await expect(copies(target, 'd2')).resolves.toEqual([]);
  });

  test.each([
    ['north', north],
    ['#south', 'C0SOUTH'],
    [anna, 'D0ANNA'],
  ])('%s is found though it is no channel id', async (name, id) => {
    const posted = await slack.post({ channel: name, threadTs: null }, hello, stamp('d1'));
    expect(posted.channel).toBe(id);
    await expect(copies({ channel: name, threadTs: null }, 'd1', connect())).resolves.toMatchObject([posted]);
  });

  test('it is found among hundreds', async () => {
    const first = await slack.post(target, hello, stamp('first'));
    for (let index = 0; index < 250; index += 1) workspace.say(anna, north, `message ${index}`);
    await expect(copies(target, 'first')).resolves.toMatchObject([first]);
  });

  test('a channel that is not there is refused', async () => {
    const nowhere = { channel: 'nowhere', threadTs: null };
    await expect(slack.post(nowhere, hello, stamp('d1'))).rejects.toMatchObject({
      failure: 'refused',
      slackCode: 'channel_not_found',
    });
    await expect(copies(nowhere, 'd1')).rejects.toMatchObject({
      failure: 'refused',
      slackCode: 'channel_not_found',
    });
  });

  test('a lost reply leaves the outcome unknown, and the message is there once', async () => {
    workspace.misbehave({ kind: 'lose-reply', method: 'chat.postMessage', times: 1 });
    await expect(slack.post(target, hello, stamp('d1'))).rejects.toMatchObject({ failure: 'unknown' });
    const [posted, ...more] = workspace.messages(north);
    expect(more).toEqual([]);
    await expect(copies(target, 'd1')).resolves.toMatchObject([{ channel: north, ts: posted?.ts }]);
  });

  test.each([
    [
      { kind: 'rate-limit', retryAfterS: 7 },
      { failure: 'rate-limited', retryAfterMs: 7000 },
    ],
    [{ kind: 'status', status: 503 }, { failure: 'unknown' }],
    [
      { kind: 'error', error: 'internal_error' },
      { failure: 'unknown', slackCode: 'internal_error' },
    ],
    [
      { kind: 'error', error: 'is_archived' },
      { failure: 'refused', slackCode: 'is_archived' },
    ],
  ] as const)('%j means %j', async (fault, meaning) => {
    workspace.misbehave({ ...fault, method: 'chat.postMessage', times: 1 });
    await expect(slack.post(target, hello, stamp('d1'))).rejects.toMatchObject(meaning);
    expect(workspace.calls().filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
    await expect(slack.post(target, hello, stamp('d1'))).resolves.toMatchObject({ channel: north });
  });

  test('an edit changes the one message, and of a message that is gone is refused', async () => {
    const { channel, ts } = await slack.post(target, hello, stamp('d1'));
    await slack.update(channel, ts, { text: 'changed', blocks: [] }, stamp('d1', 2));
    expect(workspace.messages(north)).toMatchObject([{ ts, text: 'changed', edits: 1 }]);
    await expect(copies(target, 'd1')).resolves.toMatchObject([{ ts, revision: 2 }]);
    await expect(slack.update(channel, '1.000001', hello, stamp('d1'))).rejects.toMatchObject({
      failure: 'refused',
      slackCode: 'message_not_found',
    });
  });

  test("a person's time zone is asked for once", async () => {
    const person = { teamId: 'T0RESTAGE', userId: anna };
    await expect(slack.timeZoneOf(person)).resolves.toBe('Europe/Berlin');
    await expect(slack.timeZoneOf(person)).resolves.toBe('Europe/Berlin');
    expect(workspace.calls().filter(({ method }) => method === 'users.info')).toHaveLength(1);
  });

  test.each([['http://169.254.169.254/latest'], ['file:///etc/passwd'], ['nonsense']])(
    'an answer is never sent to %s',
    async (url) => {
      await expect(slack.respond(url, hello)).rejects.toMatchObject({ failure: 'refused' });
    },
  );
});
