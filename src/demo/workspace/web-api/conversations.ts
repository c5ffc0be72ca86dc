import type { Conversation, PostedMessage } from '../model.ts';
import { botUserId, type WorkspaceState } from '../state.ts';
import { ApiError, type Arguments, type Methods, paginate } from './call.ts';
import { findChannel, isVisible, requireMembership, requireOpen } from './find-channel.ts';
import { toApiConversation, toApiMessage } from './shapes.ts';

const listable = new Set(['public_channel', 'private_channel', 'im', 'mpim']);

/** The `conversations.*` family (https://docs.slack.dev/reference/methods?family=conversations). */
export function conversationMethods(state: WorkspaceState): Methods {
  return {
    'conversations.history': (args) => readHistory(state, args),
    'conversations.replies': (args) => readReplies(state, args),
    'conversations.list': (args) => listConversations(state, args),
    'conversations.info': (args) => ({ channel: toApiConversation(findChannel(state, args)) }),
    'conversations.members': (args) => {
      const members = [...findChannel(state, args).members];
      const active = members.filter((id) => !state.users.get(id)?.isDeactivated);
      const { page, nextCursor } = paginate(active, args, 100);
      return { members: page, response_metadata: { next_cursor: nextCursor } };
    },
    'conversations.join': (args) => {
      const { id, dmWith } = requireOpen(findChannel(state, args), 'is_archived');
      if (dmWith !== null) throw new ApiError('method_not_supported_for_channel_type');
      state.join(id, botUserId);
      return { channel: toApiConversation(findChannel(state, args)) };
    },
    'conversations.open': (args) => ({ channel: toApiConversation(openDirectMessage(state, args)) }),
  };
}

/** Newest first; answers in threads are left to `conversations.replies`. */
function readHistory(state: WorkspaceState, args: Arguments): object {
  const { id } = requireMembership(findChannel(state, args));
  const topLevel = state.messages(id).filter((message) => message.threadTs === null);
  return pageOfMessages(state, topLevel.toReversed(), args);
}

/** The thread's first message and then its answers, oldest first. */
function readReplies(state: WorkspaceState, args: Arguments): object {
  const { id } = requireMembership(findChannel(state, args));
  const named = state.message(id, args.text('ts'));
  if (!named) throw new ApiError('thread_not_found');
  const root = named.threadTs ?? named.ts;
  const thread = state.messages(id).filter((message) => message.ts === root || message.threadTs === root);
  return pageOfMessages(state, thread, args);
}

function pageOfMessages(state: WorkspaceState, messages: readonly PostedMessage[], args: Arguments): object {
  const oldest = Number(args.text('oldest') || '0');
  const latest = Number(args.text('latest') || 'Infinity');
  if (Number.isNaN(oldest)) throw new ApiError('invalid_ts_oldest');
  if (Number.isNaN(latest)) throw new ApiError('invalid_ts_latest');
  const inclusive = args.flag('inclusive');
  const wanted = messages.filter((message) => {
    const ts = Number(message.ts);
    const inside = inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
    return inside && message.ephemeralFor === null;
  });
  const { page, nextCursor } = paginate(wanted, args, 100);
  const withMetadata = args.flag('include_all_metadata');
  return {
    messages: page.map((message) => toApiMessage(state, message, withMetadata)),
    has_more: nextCursor !== '',
    response_metadata: { next_cursor: nextCursor },
  };
}

function listConversations(state: WorkspaceState, args: Arguments): object {
  const types = new Set((args.text('types') || 'public_channel').split(/\s*,\s*/));
  if ([...types].some((type) => !listable.has(type))) throw new ApiError('invalid_types');
  const withoutArchived = args.flag('exclude_archived');
  const wanted = state
    .conversations()
    .filter((one) => types.has(typeOf(one)) && isVisible(one) && !(withoutArchived && one.isArchived));
  const { page, nextCursor } = paginate(wanted, args, 100);
  return { channels: page.map(toApiConversation), response_metadata: { next_cursor: nextCursor } };
}

function typeOf({ dmWith, isPrivate }: Conversation): string {
  if (dmWith !== null) return 'im';
  return isPrivate ? 'private_channel' : 'public_channel';
}

function openDirectMessage(state: WorkspaceState, args: Arguments): Conversation {
  const people = args.text('users').split(',').filter(Boolean);
  const [person] = people;
  if (person === undefined) {
    if (!args.has('channel')) throw new ApiError('users_list_not_supplied');
    return findChannel(state, args);
  }
  if (people.length > 1) throw new ApiError('method_not_supported_for_channel_type');
  const direct = state.conversations().find((one) => one.dmWith === person);
  if (!direct) throw new ApiError('user_not_found');
  if (state.users.get(person)?.isDeactivated) throw new ApiError('user_disabled');
  return direct;
}
