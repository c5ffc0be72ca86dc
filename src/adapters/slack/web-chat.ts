import { webApi } from '@slack/bolt';
import type { Chat, ChatFile, ChatMessage, Modal, Person, PostTarget } from '../../domain/chat.ts';
import { ChatError } from '../../domain/chat.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Channels, createChannels } from './channels.ts';
import { toChatError } from './failures.ts';
import type { LibraryLog } from './library-log.ts';
import { readRecord } from './record.ts';
import { respondTo } from './response-url.ts';

export interface WebChatOptions {
  readonly botToken: string;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly libraryLog: LibraryLog;
}

interface Posted {
  readonly channel: string;
  readonly ts: string;
}

const callTimeoutMs = 10_000;
const timeZoneKeptMs = 60 * 60_000;
/** Slack's clock and ours may differ by as much. */
const clockSkewMs = 120_000;
const pageSize = 200;
const deliveryEvent = 'restage_delivery';
/** Text is shown as it is: Slack neither links nor previews what it finds in it. */
const asWritten = { parse: 'none', link_names: false } as const;
const noPreviews = { unfurl_links: false, unfurl_media: false } as const;

/** `Chat` over Slack's Web API: each call is one request, never retried here. */
export function createWebChat({ botToken, apiUrl, clock, libraryLog }: WebChatOptions): Chat {
  const client = new webApi.WebClient(botToken, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: callTimeoutMs,
    logger: libraryLog,
  });
  const channels = createChannels(client);
  return {
    post: (target, message, deliveryId) =>
      callSlack('chat.postMessage', () => post(client, channels, target, message, deliveryId)),
    update: (channel, ts, message) =>
      callSlack('chat.update', async () => {
        await client.chat.update({ channel, ts, ...content(message), ...asWritten });
      }),
    find: (target, deliveryId, since) =>
      callSlack('conversations.history', () => find(client, channels, target, deliveryId, since)),
    timeZoneOf: createTimeZones(client, clock),
    openModal: (triggerId, modal) =>
      callSlack('views.open', async () => {
        await client.views.open({ trigger_id: triggerId, view: toView(modal) });
      }),
    upload: (target, file) =>
      callSlack('files.uploadV2', async () => {
        const channel = await channels.idOf(target.channel);
        await client.files.uploadV2(toUpload(channel, target.threadTs, file));
      }),
    membersOf: (groupId) =>
      callSlack('usergroups.users.list', async () => {
        const { users } = await client.usergroups.users.list({ usergroup: groupId });
        return users ?? [];
      }),
    channelMembers: (channel) =>
      callSlack('conversations.members', async () => listMembers(client, await channels.idOf(channel))),
    respond: (responseUrl, message, replaces) =>
      respondTo(responseUrl, message, { apiUrl, replaces: replaces === 'replaces' }),
  };
}

async function listMembers(client: webApi.WebClient, channel: string): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor = '';
  do {
    const page = await client.conversations.members({ channel, limit: pageSize, cursor });
    found.push(...(page.members ?? []));
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return found;
}

async function callSlack<T>(method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toChatError(method, error);
  }
}

function content(message: ChatMessage): { text: string; blocks: ChatMessage['blocks'][number][] } {
  return { text: message.text, blocks: [...message.blocks] };
}

function toView({ callbackId, title, submit, blocks, metadata }: Modal): webApi.ViewsOpenArguments['view'] {
  const plain = (text: string) => ({ type: 'plain_text', text }) as const;
  return {
    type: 'modal',
    callback_id: callbackId,
    title: plain(title),
    ...(submit === null ? {} : { submit: plain(submit) }),
    close: plain('Close'),
    blocks: [...blocks],
    private_metadata: metadata,
  };
}

function toUpload(
  channel: string,
  threadTs: string | null,
  { name, title, bytes, altText }: ChatFile,
): webApi.FilesUploadV2Arguments {
  const file = { file: Buffer.from(bytes), filename: name, title, alt_text: altText };
  return threadTs === null
    ? { channel_id: channel, ...file }
    : { channel_id: channel, thread_ts: threadTs, ...file };
}

async function post(
  client: webApi.WebClient,
  channels: Channels,
  target: PostTarget,
  message: ChatMessage,
  deliveryId: string,
): Promise<Posted> {
  const request: webApi.ChatPostMessageArguments = {
    channel: target.channel,
    ...(target.threadTs !== null && { thread_ts: target.threadTs }),
    ...content(message),
    ...asWritten,
    ...noPreviews,
    metadata: { event_type: deliveryEvent, event_payload: { delivery_id: deliveryId } },
  };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
  const { channel, ts } = await client.chat.postMessage(request);
  if (channel === undefined || ts === undefined) {
    throw new ChatError('unknown', 'chat.postMessage: the answer names no message');
  }
  channels.remember(target.channel, channel);
  return { channel, ts };
}

async function find(
  client: webApi.WebClient,
  channels: Channels,
  target: PostTarget,
  deliveryId: string,
  since: Date,
): Promise<Posted | null> {
  const channel = await channels.idOf(target.channel);
  const oldest = ((since.getTime() - clockSkewMs) / 1000).toFixed(6);
  let cursor = '';
  do {
    const range = { channel, oldest, inclusive: true, include_all_metadata: true, limit: pageSize, cursor };
    const page =
      target.threadTs === null
        ? await client.conversations.history(range)
        : await client.conversations.replies({ ...range, ts: target.threadTs });
    const match = page.messages?.find(({ metadata }) => isDelivery(metadata, deliveryId));
    if (match?.ts !== undefined) return { channel, ts: match.ts };
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return null;
}

function isDelivery(metadata: unknown, deliveryId: string): boolean {
  const { event_type: type, event_payload: payload } = readRecord(metadata);
  return type === deliveryEvent && readRecord(payload)['delivery_id'] === deliveryId;
}

/** Time zones by person, kept for an hour; `Etc/UTC` for a person whose profile names none. */
function createTimeZones(client: webApi.WebClient, clock: Clock): Chat['timeZoneOf'] {
  const kept = new Map<string, { readonly timeZone: string; readonly untilMs: number }>();
  return async ({ teamId, userId }: Person) => {
    const key = `${teamId}/${userId}`;
    const known = kept.get(key);
    const nowMs = clock.now().getTime();
    if (known && known.untilMs > nowMs) return known.timeZone;
    const { user } = await callSlack('users.info', () => client.users.info({ user: userId }));
    const timeZone = user?.tz ?? 'Etc/UTC';
    kept.set(key, { timeZone, untilMs: nowMs + timeZoneKeptMs });
    return timeZone;
  };
}
