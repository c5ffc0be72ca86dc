import type { Conversation, PostedMessage } from '../model.ts';
import { botUserId, type WorkspaceState } from '../state.ts';
import { ApiError, type Arguments, type Methods, paginate } from './call.ts';
import { findChannel, requireMembership } from './chat.ts';
import { toApiConversation, toApiMessage } from './shapes.ts';

/** The `conversations.*` family (https://docs.slack.dev/reference/methods?family=conversations). */
export function conversationMethods(state: WorkspaceState): Methods {
  return {
    'conversations.history': (args) => readHistory(state, args),
    'conversations.replies': (args) => readReplies(state, args),
    'conversations.list': (args) => listConversations(state, args),
    'conversations.info': (args) => ({ channel: toApiConversation(findChannel(state, args)) }),
    'conversations.members': (args) => {
      const { page, nextCursor } = paginate([...findChannel(state, args).members], args, 100);
      return { members: page, response_metadata: { next_cursor: nextCursor } };
    },
    'conversations.join': (args) => {
      const { id, dmWith } = findChannel(state, args);
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
  const wanted = state
    .conversations()
    .filter((one) => types.has(one.dmWith === null ? 'public_channel' : 'im'));
  const { page, nextCursor } = paginate(wanted, args, 100);
  return { channels: page.map(toApiConversation), response_metadata: { next_cursor: nextCursor } };
}

function openDirectMessage(state: WorkspaceState, args: Arguments): Conversation {
  const people = args.text('users').split(',').filter(Boolean);
  const [person] = people;
  if (person === undefined) return findChannel(state, args);
  if (people.length > 1) throw new ApiError('method_not_supported_for_channel_type');
  const direct = state.conversations().find((one) => one.dmWith === person);
  if (!direct) throw new ApiError('user_not_found');
  return direct;
}
