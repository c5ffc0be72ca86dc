import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { appToken, button, createClient, post, refusal, section, startTestWorkspace } from './bolt.ts';

function delivery(id: string): object {
  return { event_type: 'restage_delivery', event_payload: { id } };
}

describe('the Web API', () => {
  let workspace: Workspace;
  let client: WebClient;

  beforeEach(async () => {
    workspace = await startTestWorkspace({ limits: 'off', now: () => new Date('2025-03-03T10:00:00Z') });
    client = createClient(workspace);
  });

  afterEach(() => workspace.close());

  it('says who the app is', async () => {
    expect(await client.auth.test()).toMatchObject({ team_id: 'T0RESTAGE', user_id: 'U0RESTAGE' });
  });

  it('answers a client in its own process as it answers over HTTP', async () => {
    const near = createClient(workspace, { fetch: workspace.fetch });
    const { ts } = await post(near, { channel: 'dist-north', text: 'one', metadata: delivery('d-1') });
    const asked = { channel: 'C0NORTH', include_all_metadata: true };
    const [here, there] = await Promise.all([
      near.conversations.history(asked),
      client.conversations.history(asked),
    ]);
    expect(here.messages).toMatchObject([{ ts, text: 'one', metadata: { event_payload: { id: 'd-1' } } }]);
    expect(here.messages).toEqual(there.messages);
    const refused = await refusal(near.chat.update({ channel: 'C0NORTH', ts: '1.000001', text: 'two' }));
    expect(refused.error).toBe('message_not_found');
  });

  it('posts by name or id, to a person, and in a thread; each ts is later than the one before', async () => {
    const first = await post(client, { channel: 'dist-north', text: 'one' });
    const second = await post(client, { channel: 'C0NORTH', text: 'two', thread_ts: first.ts });
    const direct = await post(client, { channel: 'U0ANA', text: 'hello' });
    expect(first).toEqual({ channel: 'C0NORTH', ts: '1740996000.000000' });
    expect(second.ts).toBe('1740996000.000001');
    expect(workspace.messages('dist-north').map((message) => message.threadTs)).toEqual([null, first.ts]);
    expect(workspace.messages('dm:U0ANA')).toMatchObject([{ text: 'hello', channel: direct.channel }]);
  });

  it('finds a post again by its metadata, newest first, within a time', async () => {
    const ts: string[] = [];
    for (const id of ['d-1', 'd-2', 'd-3']) {
      ts.push((await post(client, { channel: 'dist-north', text: id, metadata: delivery(id) })).ts);
    }
    await client.chat.postEphemeral({ channel: 'C0NORTH', user: 'U0ANA', text: 'for Ana' });
    const all = await client.conversations.history({ channel: 'C0NORTH', include_all_metadata: true });
    expect(all.messages?.map((message) => message.metadata?.event_payload)).toEqual([
      { id: 'd-3' },
      { id: 'd-2' },
      { id: 'd-1' },
    ]);
    const later = await client.conversations.history({ channel: 'C0NORTH', oldest: ts[0] ?? '' });
    expect(later.messages?.map((message) => message.text)).toEqual(['d-3', 'd-2']);
    expect(later.messages?.[0]?.metadata).toBeUndefined();
  });

  it('pages through history by cursor', async () => {
    for (const text of ['1', '2', '3', '4', '5']) await post(client, { channel: 'dist-north', text });
    const seen: (string | undefined)[] = [];
    let cursor = '';
    do {
      const page = await client.conversations.history({ channel: 'C0NORTH', limit: 2, cursor });
      expect(page.messages?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.messages ?? []).map((message) => message.text));
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
  });

  it('keeps threads out of the history, and counts their answers', async () => {
    const root = await post(client, { channel: 'dist-north', text: 'root' });
    const reply = await post(client, { channel: 'dist-north', text: 'reply', thread_ts: root.ts });
    const { messages } = await client.conversations.history({ channel: 'C0NORTH' });
    expect(messages).toMatchObject([{ text: 'root', reply_count: 1, latest_reply: reply.ts }]);
    const thread = await client.conversations.replies({ channel: 'C0NORTH', ts: root.ts });
    expect(thread.messages?.map((message) => message.text)).toEqual(['root', 'reply']);
  });

  it('edits what a call gives and keeps the rest; then deletes', async () => {
    const { channel, ts } = await post(client, {
      channel: 'dist-north',
      text: 'one',
      blocks: [section('one')],
    });
    await client.chat.update({ channel, ts, text: 'two' });
    expect(workspace.messages(channel)).toMatchObject([
      { text: 'two', edits: 1, history: ['one', 'two'], blocks: [{ text: { text: 'one' } }] },
    ]);
    await client.chat.delete({ channel, ts });
    expect(workspace.messages(channel)).toEqual([]);
    expect(await refusal(client.chat.update({ channel, ts, text: 'three' }))).toMatchObject({
      error: 'message_not_found',
    });
  });

  it('knows people, their time zones and their direct messages', async () => {
    const { user } = await client.users.info({ user: 'U0BEN' });
    expect(user).toMatchObject({ tz: 'America/New_York', tz_offset: -18_000, real_name: 'Ben Okafor' });
    expect((await client.users.lookupByEmail({ email: 'ANA@example.org' })).user?.id).toBe('U0ANA');
    expect((await client.conversations.open({ users: 'U0ANA' })).channel?.id).toBe('D0ANA');
  });

  it('lets the app join a channel and post there', async () => {
    const before = await refusal(post(client, { channel: 'dist-south', text: 'hello' }));
    expect(before.error).toBe('not_in_channel');
    await client.conversations.join({ channel: 'C0SOUTH' });
    await post(client, { channel: 'dist-south', text: 'hello' });
    expect((await client.conversations.info({ channel: 'C0SOUTH' })).channel?.is_member).toBe(true);
  });

  it('takes a file and shows it in the channel', async () => {
    const file = Buffer.from('job,server\n1,int-38\n');
    await client.files.uploadV2({
      channel_id: 'C0NORTH',
      file,
      filename: 'jobs.csv',
      initial_comment: 'all',
    });
    const [message] = workspace.messages('dist-north');
    expect(message).toMatchObject({ text: 'all', files: [{ name: 'jobs.csv', size: file.length }] });
    const download = await fetch(`${workspace.url}/files/${message?.files[0]?.id}`);
    expect(await download.text()).toBe(file.toString());
  });

  it('keeps what a picture shows in words', async () => {
    const file = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const alt_text = 'two bars';
    await client.files.uploadV2({ channel_id: 'C0NORTH', file, filename: 'bars.png', alt_text });
    const shown = workspace.messages('dist-north').at(-1)?.files[0];
    expect(shown).toMatchObject({ name: 'bars.png', altText: 'two bars' });
    const download = await fetch(`${workspace.url}/files/${shown?.id}`);
    expect(download.headers.get('content-type')).toBe('image/png');
  });

  it('reacts once', async () => {
    const { channel, ts } = await post(client, { channel: 'dist-north', text: 'one' });
    await client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
    const again = await refusal(client.reactions.add({ channel, timestamp: ts, name: 'eyes' }));
    expect(again.error).toBe('already_reacted');
  });

  it('opens a modal once, and within three seconds', async () => {
    const view = { type: 'modal' as const, title: { type: 'plain_text' as const, text: 'Edit' }, blocks: [] };
    const { error } = await refusal(client.views.open({ trigger_id: 'made-up', view }));
    expect(error).toBe('invalid_trigger_id');
  });

  it.each([
    ['channel_not_found', { channel: 'nowhere', text: 'hello' }],
    ['no_text', { channel: 'dist-north' }],
    ['invalid_blocks', { channel: 'dist-north', text: 'x', blocks: [{ type: 'marquee' }] }],
    ['invalid_blocks_format', { channel: 'dist-north', text: 'x', blocks: '[{' }],
    ['msg_blocks_too_long', { channel: 'dist-north', blocks: Array(5).fill(section('a'.repeat(2900))) }],
    ['invalid_metadata_format', { channel: 'dist-north', text: 'x', metadata: { id: 7 } }],
  ])('refuses to post: %s', async (error, message) => {
    expect((await refusal(post(client, message))).error).toBe(error);
    expect(workspace.messages('dist-north')).toEqual([]);
  });

  it('names the place in the blocks that Slack would not take', async () => {
    const blocks = [section('fine'), { type: 'actions', elements: [button('ack', '1', 'a'.repeat(76))] }];
    expect(await refusal(post(client, { channel: 'dist-north', text: 'x', blocks }))).toEqual({
      error: 'invalid_blocks',
      messages: ['[ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]'],
    });
  });

  it('cuts a long text when posting and refuses it when editing', async () => {
    const { channel, ts } = await post(client, { channel: 'dist-north', text: 'a'.repeat(50_000) });
    expect(workspace.messages(channel)[0]?.text).toHaveLength(40_000);
    const edit = refusal(client.chat.update({ channel, ts, text: 'a'.repeat(4001) }));
    expect((await edit).error).toBe('msg_too_long');
  });

  it.each([
    ['not_authed', '', 'auth.test'],
    ['invalid_auth', 'xoxb-other', 'auth.test'],
    ['not_allowed_token_type', appToken, 'chat.postMessage'],
    ['unknown_method', 'xoxb-test', 'chat.shout'],
    ['unknown_method', 'xoxb-test', 'constructor'],
  ])('answers %s', async (error, token, method) => {
    const stranger = createClient(workspace, {}, token);
    expect((await refusal(stranger.apiCall(method))).error).toBe(error);
    expect(workspace.calls()).toMatchObject([{ method, ok: false, error }]);
  });

  it("does not let the app edit other people's messages", async () => {
    const { ts } = workspace.say('U0ANA', 'dist-north', 'mine');
    const edit = refusal(client.chat.update({ channel: 'C0NORTH', ts, text: 'yours' }));
    expect((await edit).error).toBe('cant_update_message');
  });
});
