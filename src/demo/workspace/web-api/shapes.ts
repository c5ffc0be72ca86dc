import type { Conversation, OpenView, PostedMessage, User } from '../model.ts';
import { appId, botId, botUserId, type WorkspaceState } from '../state.ts';

/** How Slack writes these things in its answers and payloads. */

export function toApiMessage(state: WorkspaceState, message: PostedMessage, withMetadata = true): object {
  const replies = state
    .messages(message.channel)
    .filter((other) => other.threadTs === message.ts && other.ephemeralFor === null);
  const thread = {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: [...new Set(replies.map(({ userId }) => userId))],
    latest_reply: replies.at(-1)?.ts,
  };
  return {
    type: 'message',
    user: message.userId,
    text: message.text,
    ts: message.ts,
    team: state.team.id,
    blocks: message.blocks,
    ...(message.userId === botUserId ? { bot_id: botId, app_id: appId } : {}),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(replies.length > 0 ? thread : {}),
    ...(message.edits > 0 ? { edited: { user: message.userId, ts: message.ts } } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.files.length > 0 ? { files: message.files } : {}),
    ...(message.reactions.length > 0 ? { reactions: message.reactions.map(toApiReaction) } : {}),
  };
}

function toApiReaction(reaction: PostedMessage['reactions'][number]): object {
  return { ...reaction, count: reaction.users.length };
}

export function toApiConversation(conversation: Conversation): object {
  const { id, name, dmWith, members, isPrivate, isArchived } = conversation;
  if (dmWith !== null) return { id, is_im: true, is_channel: false, user: dmWith };
  return {
    id,
    name,
    name_normalized: name,
    is_channel: true,
    is_im: false,
    is_private: isPrivate,
    is_archived: isArchived,
    is_member: members.has(botUserId),
    num_members: members.size,
  };
}

export function toApiUser(state: WorkspaceState, user: User): object {
  const wallClock = new Intl.DateTimeFormat('en', { timeZone: user.tz, timeZoneName: 'longOffset' });
  const offset =
    wallClock.formatToParts(state.now()).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(offset) ?? ['', '+', '0', '0'];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return {
    id: user.id,
    team_id: state.team.id,
    name: user.name,
    real_name: user.realName,
    deleted: user.isDeactivated,
    is_bot: user.isBot,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: sign === '-' ? -seconds : seconds,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      ...(state.app.scopes.has('users:read.email') ? { email: user.email } : {}),
    },
  };
}

export function toApiView(state: WorkspaceState, view: OpenView, values: object = {}): object {
  return {
    id: view.id,
    team_id: state.team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    external_id: view.externalId,
    state: { values },
    hash: view.hash,
    title: toPlainText(view.title),
    submit: toPlainText(view.submit),
    close: toPlainText(view.close),
    clear_on_close: false,
    notify_on_close: view.notifyOnClose,
    root_view_id: view.rootViewId,
    previous_view_id: view.previousViewId,
    app_id: appId,
    bot_id: botId,
  };
}

function toPlainText(text: string | null): object | null {
  return text === null ? null : { type: 'plain_text', text, emoji: true };
}
