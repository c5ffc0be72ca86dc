import { webApi } from '@slack/bolt';
import type {
  Chat,
  ChatFile,
  ChatMessage,
  Modal,
  Person,
  Posted,
  PostTarget,
  Stamp,
} from '../../domain/chat.ts';
import { ChatError } from '../../domain/chat.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Channels, createChannels } from './channels.ts';
import { findCopies, linkedStamp, toMetadata } from './copies.ts';
import { toChatError } from './failures.ts';
import type { LibraryLog } from './library-log.ts';
import type { Reach } from './reach.ts';
import { respondTo } from './response-url.ts';
import type { SlackClock } from './slack-clock.ts';
import type { createSlackFetch } from './slack-fetch.ts';

export interface WebChatOptions {
  readonly botToken: string;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly libraryLog: LibraryLog;
  readonly fetch: ReturnType<typeof createSlackFetch>;
  readonly slackClock: SlackClock;
  readonly reach: Reach;
}

const callTimeoutMs = 10_000;
const uploadTimeoutMs = 60_000;
const timeZoneKeptMs = 60 * 60_000;
const pageSize = 200;
/** Text is shown as it is: Slack neither links nor previews what it finds in it. */
const asWritten = { parse: 'none', link_names: false } as const;
const noPreviews = { unfurl_links: false, unfurl_media: false } as const;

/** `Chat` over Slack's Web API: each call is one request, never retried here. */
export function createWebChat(options: WebChatOptions): Omit<Chat, 'health'> {
  const { apiUrl, clock, fetch, slackClock, reach } = options;
  const client = openClient(options, fetch);
  const channels = createChannels(client);
  const callSlack = createCaller(reach);
  const askWho = () => callSlack('auth.test', () => client.auth.test());
  return {
    post: (target, message, stamp) =>
      callSlack('chat.postMessage', () => post(client, channels, target, message, stamp)),
    update: (channel, ts, message, stamp) =>
      callSlack('chat.update', async () => {
        const metadata = toMetadata(stamp);
        await client.chat.update({ channel, ts, ...content(message), ...asWritten, metadata });
      }),
    copies: ({ target, ...search }) =>
      callSlack('conversations.history', async () => {
        const channel = search.known?.channel ?? (await channels.idOf(target.channel));
        return findCopies(client, { ...search, channel, threadTs: target.threadTs });
      }),
    remove: ({ channel, ts }) =>
      callSlack('chat.delete', async () => {
        await client.chat.delete({ channel, ts });
      }).catch(unlessGone),
    permalink: (posted) => callSlack('chat.getPermalink', () => permalinkOf(client, posted)),
    linkTo: (copy, target) => callSlack('chat.update', () => link(client, copy, target)).catch(unlessGone),
    async time() {
      if (slackClock.now() === null) await askWho();
      const now = slackClock.now();
      if (now === null) throw new ChatError('not-sent', 'auth.test: the answer bears no date');
      return now;
    },
    ask: () => askWho().then(() => null, toFailure),
    timeZoneOf: createTimeZones(client, clock, callSlack),
    isActive: ({ userId }) => isActive(client, callSlack, userId),
    openModal: (triggerId, modal) =>
      callSlack('views.open', async () => {
        await client.views.open({ trigger_id: triggerId, view: toView(modal) });
      }),
    upload: (target, file, signal) =>
      callSlack('files.uploadV2', async () => {
        const channel = await channels.idOf(target.channel);
        const uploading = openClient(options, endingWith(fetch, signal));
        await uploading.files.uploadV2(toUpload(channel, target.threadTs, file));
      }),
    uploadUnshared: (file) =>
      callSlack('files.uploadV2', () => uploadUnshared(openClient(options, endingWith(fetch)), file)),
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

function openClient(
  { botToken, apiUrl, libraryLog }: WebChatOptions,
  fetch: WebChatOptions['fetch'],
): webApi.WebClient {
  return new webApi.WebClient(botToken, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: callTimeoutMs,
    fetch,
    logger: libraryLog,
  });
}

/** An upload is several requests; they end together, at a deadline or when `signal` aborts. */
function endingWith(fetch: WebChatOptions['fetch'], signal?: AbortSignal): WebChatOptions['fetch'] {
  const deadline = AbortSignal.timeout(uploadTimeoutMs);
  const ending = signal ? AbortSignal.any([signal, deadline]) : deadline;
  return (url, init) =>
    fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([ending, init.signal]) : ending });
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

type Caller = <T>(method: string, call: () => Promise<T>) => Promise<T>;

function createCaller(reach: Reach): Caller {
  return async (method, call) => {
    try {
      const answer = await call();
      reach.succeeded();
      return answer;
    } catch (error) {
      const failure = toChatError(method, error);
      reach.failed(failure);
      throw failure;
    }
  };
}

/** null: Slack answered, be it that it asks to wait. */
function toFailure(error: unknown): ChatError | null {
  const failure = toChatError('auth.test', error);
  return failure.failure === 'rate-limited' ? null : failure;
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ChatError) || error.slackCode !== 'message_not_found') throw error;
}

async function permalinkOf(client: webApi.WebClient, { channel, ts }: Posted): Promise<string> {
  const { permalink } = await client.chat.getPermalink({ channel, message_ts: ts });
  return permalink ?? '';
}

async function link(client: webApi.WebClient, copy: Posted, target: Posted): Promise<void> {
  const permalink = await permalinkOf(client, target);
  const text = `This message was posted twice. It goes on in <${permalink}|the other one>.`;
  await client.chat.update({ ...copy, text, blocks: [], metadata: toMetadata(linkedStamp) });
}

function content(message: ChatMessage): { text: string; blocks: ChatMessage['blocks'][number][] } {
  return { text: message.text, blocks: [...message.blocks] };
}

export function toView({
  callbackId,
  title,
  submit,
  blocks,
  metadata,
}: Modal): webApi.ViewsOpenArguments['view'] {
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

function toFile({ name, title, bytes, altText }: ChatFile) {
  return { file: Buffer.from(bytes), filename: name, title, alt_text: altText };
}

async function uploadUnshared(client: webApi.WebClient, file: ChatFile): Promise<string> {
  const { files } = await client.filesUploadV2(toFile(file));
  const id = files[0]?.files?.[0]?.id;
  if (id === undefined) throw new ChatError('unknown', 'files.uploadV2: the answer names no file');
  return id;
}

function toUpload(
  channel: string,
  threadTs: string | null,
  chatFile: ChatFile,
): webApi.FilesUploadV2Arguments {
  const file = toFile(chatFile);
  return threadTs === null
    ? { channel_id: channel, ...file }
    : { channel_id: channel, thread_ts: threadTs, ...file };
}

async function post(
  client: webApi.WebClient,
  channels: Channels,
  target: PostTarget,
  message: ChatMessage,
  stamp: Stamp,
): Promise<Posted> {
  const request: webApi.ChatPostMessageArguments = {
    channel: target.channel,
    ...(target.threadTs !== null && { thread_ts: target.threadTs }),
    ...content(message),
    ...asWritten,
    ...noPreviews,
    metadata: toMetadata(stamp),
  };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
  const { channel, ts } = await client.chat.postMessage(request);
  if (channel === undefined || ts === undefined) {
    throw new ChatError('unknown', 'chat.postMessage: the answer names no message');
  }
  channels.remember(target.channel, channel);
  return { channel, ts };
}

async function isActive(client: webApi.WebClient, callSlack: Caller, userId: string): Promise<boolean> {
  try {
    const { user } = await callSlack('users.info', () => client.users.info({ user: userId }));
    return user?.deleted !== true;
  } catch (error) {
    if (error instanceof ChatError && error.slackCode === 'user_not_found') return false;
    throw error;
  }
}

/** Time zones by person, kept for an hour; `Etc/UTC` for a person whose profile names none. */
function createTimeZones(client: webApi.WebClient, clock: Clock, callSlack: Caller): Chat['timeZoneOf'] {
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
