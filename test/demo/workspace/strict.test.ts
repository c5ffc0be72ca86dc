import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readManifest, readShippedManifest } from '../../../src/demo/workspace/manifest.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { botToken, button, createClient, post, refusal, section, startTestWorkspace } from './bolt.ts';

const shipped = readShippedManifest();
const start = new Date('2026-03-02T10:00:00Z');
const everybody = ['U0RESTAGE', 'U0ANA', 'U0BEN'];
const modal = { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] };

let workspace: Workspace;
let client: WebClient;
let now: Date;

beforeEach(async () => {
  now = start;
  workspace = await startTestWorkspace({
    app: shipped,
    now: () => now,
    channels: [
      { id: 'C0NORTH', name: 'north' },
      { id: 'C0OLD', name: 'old', isArchived: true },
      { id: 'C0SECRET', name: 'secret', isPrivate: true, members: ['U0ANA'] },
      { id: 'C0OUT', name: 'out', members: ['U0ANA'] },
    ],
    users: [
      { id: 'U0ANA', name: 'ana', realName: 'Ana', tz: 'Etc/UTC', email: 'ana@example.org' },
      {
        id: 'U0GONE',
        name: 'gone',
        realName: 'Gone',
        tz: 'Etc/UTC',
        email: 'gone@example.org',
        deactivated: true,
      },
    ],
    userGroups: [{ id: 'S0ALL', handle: 'all', users: ['U0ANA', 'U0GONE'] }],
  });
  client = createClient(workspace);
});

afterEach(() => workspace.close());

describe('the simulated Slack refuses a call', () => {
  it.each<[string, string, string, Record<string, unknown>]>([
    [
      'to a channel that is not there',
      'channel_not_found',
      'chat.postMessage',
      { channel: 'C0NONE', text: 'x' },
    ],
    ['to an archived channel', 'is_archived', 'chat.postMessage', { channel: 'old', text: 'x' }],
    [
      'to a channel that the app is not in',
      'not_in_channel',
      'chat.postMessage',
      { channel: 'out', text: 'x' },
    ],
    [
      'to a private channel that the app cannot see',
      'channel_not_found',
      'chat.postMessage',
      { channel: 'secret', text: 'x' },
    ],
    ['to a deactivated person', 'user_disabled', 'chat.postMessage', { channel: 'U0GONE', text: 'x' }],
    [
      'to the direct messages of a deactivated person',
      'user_disabled',
      'chat.postMessage',
      { channel: 'D0GONE', text: 'x' },
    ],
    [
      'with neither text nor blocks',
      'no_text',
      'chat.postMessage',
      { channel: 'north', text: '', blocks: [] },
    ],
    ['with a text of blanks', 'no_text', 'chat.postMessage', { channel: 'north', text: '  ' }],
    [
      'with 100 kB of metadata',
      'metadata_too_large',
      'chat.postMessage',
      {
        channel: 'north',
        text: 'x',
        metadata: { event_type: 'a', event_payload: { a: 'x'.repeat(100_000) } },
      },
    ],
    [
      'with metadata of no schema',
      'invalid_metadata_schema',
      'chat.postMessage',
      { channel: 'north', text: 'x', metadata: { event_type: 'a', event_payload: { a: null } } },
    ],
    [
      'with blocks that are no JSON',
      'invalid_blocks_format',
      'chat.postMessage',
      { channel: 'north', blocks: '[{' },
    ],
    [
      'with an attachment that is none',
      'invalid_attachments',
      'chat.postMessage',
      { channel: 'north', attachments: [{ colour: 'red' }] },
    ],
    [
      'with an argument that no method has',
      'invalid_arguments',
      'chat.postMessage',
      { channel: 'north', text: 'x', thread: '1.0' },
    ],
    [
      'with a flag that is none',
      'invalid_arguments',
      'chat.postMessage',
      { channel: 'north', text: 'x', unfurl_links: 'maybe' },
    ],
    ['without a channel', 'invalid_arguments', 'chat.postMessage', { text: 'x' }],
    [
      'for the eyes of somebody who is not in the channel',
      'user_not_in_channel',
      'chat.postEphemeral',
      { channel: 'C0NORTH', user: 'U0NONE', text: 'x' },
    ],
    [
      'to edit by the name of the channel',
      'channel_not_found',
      'chat.update',
      { channel: 'north', ts: '1.0', text: 'x' },
    ],
    [
      'to edit what is not there',
      'message_not_found',
      'chat.update',
      { channel: 'C0NORTH', ts: '1.0', text: 'x' },
    ],
    [
      'for the link to a message that is not there',
      'message_not_found',
      'chat.getPermalink',
      { channel: 'C0NORTH', message_ts: '1.0' },
    ],
    ['to read a channel by its name', 'channel_not_found', 'conversations.history', { channel: 'north' }],
    [
      'to read a channel that the app is not in',
      'not_in_channel',
      'conversations.history',
      { channel: 'C0OUT' },
    ],
    [
      'to read from a time that is none',
      'invalid_ts_oldest',
      'conversations.history',
      { channel: 'C0NORTH', oldest: 'noon' },
    ],
    [
      'to read with a cursor of somebody else',
      'invalid_cursor',
      'conversations.history',
      { channel: 'C0NORTH', cursor: 'abc' },
    ],
    [
      'to read 1,001 messages at once',
      'invalid_limit',
      'conversations.history',
      { channel: 'C0NORTH', limit: 1001 },
    ],
    [
      'to read a thread that is not there',
      'thread_not_found',
      'conversations.replies',
      { channel: 'C0NORTH', ts: '1.0' },
    ],
    [
      'to list a kind of channel that is none',
      'invalid_types',
      'conversations.list',
      { types: 'public_channel,pigeon' },
    ],
    ['to open direct messages with nobody', 'users_list_not_supplied', 'conversations.open', {}],
    [
      'to open direct messages with a deactivated person',
      'user_disabled',
      'conversations.open',
      { users: 'U0GONE' },
    ],
    ['to open direct messages with a stranger', 'user_not_found', 'conversations.open', { users: 'U0NONE' }],
    ['about a person who is not there', 'user_not_found', 'users.info', { user: 'U0NONE' }],
    [
      'to find a deactivated person by address',
      'users_not_found',
      'users.lookupByEmail',
      { email: 'gone@example.org' },
    ],
    ['about a group that is not there', 'no_such_subteam', 'usergroups.users.list', { usergroup: 'S0NONE' }],
    [
      'to react in an archived channel',
      'is_archived',
      'reactions.add',
      { channel: 'C0OLD', timestamp: '1.0', name: 'eyes' },
    ],
    [
      'to publish a Home tab that the manifest does not have',
      'not_enabled',
      'views.publish',
      { user_id: 'U0ANA', view: { type: 'home', blocks: [] } },
    ],
    ['to open a modal without a trigger', 'invalid_arguments', 'views.open', { view: modal }],
    ['to update a view that is not there', 'not_found', 'views.update', { view_id: 'V0NONE', view: modal }],
    [
      'to upload a picture with a long description',
      'alt_txt_too_large',
      'files.getUploadURLExternal',
      { filename: 'a.png', length: 1, alt_text: 'x'.repeat(1001) },
    ],
    [
      'to share a file that is not there',
      'file_not_found',
      'files.completeUploadExternal',
      { files: [{ id: 'F0NONE' }], channel_id: 'C0NORTH' },
    ],
    ['to check nothing', 'invalid_arguments', 'blocks.validate', {}],
    ['to check blocks that are none', 'invalid_blocks', 'blocks.validate', { blocks: [{ type: 'marquee' }] }],
    ['of a method that is none', 'unknown_method', 'chat.shout', {}],
  ])('%s', async (_what, error, method, args) => {
    expect((await refusal(client.apiCall(method, args))).error).toBe(error);
    expect(workspace.messages('north')).toEqual([]);
  });

  it.each<[string, string, string | undefined, string]>([
    ['whose body is no JSON', 'invalid_json', 'application/json', '{'],
    [
      'whose token stands inside of JSON',
      'not_authed',
      'application/json',
      JSON.stringify({ token: botToken }),
    ],
    ['of a type that is none', 'invalid_post_type', 'text/csv', 'a,b'],
    ['in a charset that Slack does not read', 'invalid_charset', 'application/json; charset=utf-16', '{}'],
    ['without a token', 'not_authed', 'application/x-www-form-urlencoded', 'user=U0ANA'],
    [
      'with a made-up token',
      'invalid_auth',
      'application/x-www-form-urlencoded',
      'token=xoxb-forged&user=U0ANA',
    ],
  ])('%s', async (_what, error, type, body) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const answer = await fetch(`${workspace.apiUrl}users.info`, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ ok: false, error });
  });

  it('that came by a socket of another token', async () => {
    const stranger = createClient(workspace, {}, 'xapp-forged');
    expect((await refusal(stranger.apps.connections.open())).error).toBe('invalid_auth');
  });
});

describe('the simulated Slack asks for the scopes of the manifest', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['channels:join', 'conversations.join', { channel: 'C0NORTH' }],
    ['im:read', 'conversations.members', { channel: 'D0ANA' }],
    ['im:read', 'conversations.list', { types: 'public_channel,im' }],
  ])('%s, which the shipped app does not have, for %s', async (needed, method, args) => {
    const failure = client.apiCall(method, args);
    await expect(failure).rejects.toMatchObject({
      data: { error: 'missing_scope', needed, provided: [...shipped.scopes].join(',') },
    });
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['chat:write', 'chat.postMessage', { channel: 'C0NORTH', text: 'x' }],
    ['channels:history', 'conversations.history', { channel: 'C0NORTH' }],
    ['channels:read', 'conversations.members', { channel: 'C0NORTH' }],
    ['channels:read', 'conversations.list', {}],
    ['im:write', 'conversations.open', { users: 'U0ANA' }],
    ['users:read', 'users.info', { user: 'U0ANA' }],
    ['users:read.email', 'users.lookupByEmail', { email: 'ana@example.org' }],
    ['usergroups:read', 'usergroups.users.list', { usergroup: 'S0ALL' }],
    ['reactions:write', 'reactions.add', { channel: 'C0NORTH', timestamp: '1.0', name: 'eyes' }],
    ['files:write', 'files.getUploadURLExternal', { filename: 'a.png', length: 1 }],
  ])('%s for %s', async (needed, method, args) => {
    const scopes = new Set([...shipped.scopes].filter((scope) => scope !== needed));
    const poor = await startTestWorkspace({ app: { ...shipped, scopes } });
    const failure = createClient(poor).apiCall(method, args);
    await expect(failure).rejects.toMatchObject({ data: { error: 'missing_scope', needed } });
    await poor.close();
  });

  it('and lets an app with chat:write.public post where it is no member', async () => {
    const scopes = new Set([...shipped.scopes, 'chat:write.public']);
    const open = await startTestWorkspace({ app: { ...shipped, scopes } });
    await post(createClient(open), { channel: 'dist-south', text: 'hello' });
    expect(open.messages('dist-south')).toHaveLength(1);
    await open.close();
  });

  it('and reads none where the manifest names none', () => {
    expect(readManifest('display_information: { name: x }')).toEqual({
      scopes: new Set(),
      commands: new Set(),
      events: new Set(),
      hasHomeTab: false,
      isInteractive: false,
    });
  });
});

describe('a deactivated person', () => {
  it('is marked in the answers, and left out of groups and channels', async () => {
    expect((await client.users.info({ user: 'U0GONE' })).user?.deleted).toBe(true);
    expect((await client.usergroups.users.list({ usergroup: 'S0ALL' })).users).toEqual(['U0ANA']);
    const { members } = await client.conversations.members({ channel: 'C0NORTH' });
    expect(members).toEqual(everybody.filter((id) => id !== 'U0BEN'));
  });

  it('cannot click, type a command, or write', async () => {
    const { ts } = await post(client, {
      channel: 'north',
      text: 'x',
      blocks: [{ type: 'actions', elements: [button('go', '1')] }],
    });
    workspace.deactivate('U0ANA');
    const gone = 'the account is deactivated: U0ANA';
    await expect(workspace.click('U0ANA', 'north', ts, 'go')).rejects.toThrow(gone);
    await expect(workspace.command('U0ANA', 'north', '/restage help')).rejects.toThrow(gone);
    expect(() => workspace.say('U0ANA', 'north', 'hello')).toThrow(gone);
    expect((await refusal(post(client, { channel: 'U0ANA', text: 'x' }))).error).toBe('user_disabled');
  });
});

it('a command that the manifest does not have is answered by Slack itself', async () => {
  await expect(workspace.command('U0ANA', 'north', '/deploy now')).rejects.toThrow(
    '/deploy is not a valid command.',
  );
  expect(workspace.messages('north')).toMatchObject([
    { userId: 'USLACKBOT', ephemeralFor: 'U0ANA', text: expect.stringContaining('not a valid command') },
  ]);
});

it('a message has an address that leads to it', async () => {
  const root = await post(client, { channel: 'north', text: 'root' });
  const reply = await post(client, { channel: 'north', text: 'reply', thread_ts: root.ts });
  const { permalink } = await client.chat.getPermalink({ channel: 'C0NORTH', message_ts: reply.ts });
  const id = reply.ts.replace('.', '');
  expect(permalink).toBe(`${workspace.url}/archives/C0NORTH/p${id}?thread_ts=${root.ts}&cid=C0NORTH`);
  expect((await fetch(permalink ?? '')).status).toBe(200);
});

it('rate limits go by the clock of the workspace', async () => {
  const burst = await Promise.allSettled(
    Array.from({ length: 7 }, () => post(client, { channel: 'north', text: 'x' })),
  );
  expect(burst.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  await expect(post(client, { channel: 'north', text: 'x' })).rejects.toMatchObject({ retryAfter: 5 });
  now = new Date(now.getTime() + 5000);
  await post(client, { channel: 'north', text: 'x' });
});

it('an archived channel keeps what it has, and takes no edit', async () => {
  const { ts } = await post(client, { channel: 'north', text: 'one', blocks: [section('one')] });
  workspace.archive('north');
  const edit = client.chat.update({ channel: 'C0NORTH', ts, text: 'two' });
  expect((await refusal(edit)).error).toBe('is_inactive');
  expect((await refusal(post(client, { channel: 'north', text: 'x' }))).error).toBe('is_archived');
  expect(workspace.messages('north')).toMatchObject([{ text: 'one', edits: 0 }]);
});
