import { readBlocks, readMetadata } from '../content.ts';
import { limits } from '../limits.ts';
import type { Conversation, MessageEdit, NewMessage, PostedMessage } from '../model.ts';
import { botUserId, type WorkspaceState } from '../state.ts';
import { ApiError, type Arguments, type Methods } from './call.ts';
import { toApiMessage } from './shapes.ts';

/** The `chat.*` family (https://docs.slack.dev/reference/methods?family=chat). */
export function chatMethods(state: WorkspaceState): Methods {
  return {
    'chat.postMessage': (args) => {
      const channel = requireMembership(findChannel(state, args));
      const posted = state.post(readMessage(state, channel, args));
      return { channel: channel.id, ts: posted.ts, message: toApiMessage(state, posted) };
    },
    'chat.postEphemeral': (args) => {
      const channel = requireMembership(findChannel(state, args));
      const person = args.text('user');
      if (!state.users.has(person) || !channel.members.has(person)) throw new ApiError('user_not_in_channel');
      const posted = state.post({ ...readMessage(state, channel, args), ephemeralFor: person });
      return { message_ts: posted.ts };
    },
    'chat.update': (args) => {
      const message = findOwnMessage(state, args, 'cant_update_message');
      const edited = state.edit(message, readEdit(args));
      return {
        channel: edited.channel,
        ts: edited.ts,
        text: edited.text,
        message: toApiMessage(state, edited),
      };
    },
    'chat.delete': (args) => {
      const message = findOwnMessage(state, args, 'cant_delete_message');
      state.remove(message);
      return { channel: message.channel, ts: message.ts };
    },
  };
}

export function findChannel(state: WorkspaceState, args: Arguments): Conversation {
  const channel = state.findConversation(args.text('channel'));
  if (!channel) throw new ApiError('channel_not_found');
  return channel;
}

export function requireMembership(channel: Conversation): Conversation {
  if (!channel.members.has(botUserId)) throw new ApiError('not_in_channel');
  return channel;
}

export function findMessage(state: WorkspaceState, args: Arguments, tsName: string): PostedMessage {
  const message = state.message(findChannel(state, args).id, args.text(tsName));
  if (!message || message.ephemeralFor !== null) throw new ApiError('message_not_found');
  return message;
}

function findOwnMessage(state: WorkspaceState, args: Arguments, otherwise: string): PostedMessage {
  const message = findMessage(state, args, 'ts');
  if (message.userId !== botUserId) throw new ApiError(otherwise);
  return message;
}

/** A thread that is not there makes a message at top level, as in Slack. */
function readMessage(state: WorkspaceState, channel: Conversation, args: Arguments): NewMessage {
  const text = args.text('text').slice(0, limits.postedText);
  const blocks = args.has('blocks') ? readBlocks(args.json('blocks', 'invalid_blocks_format')) : [];
  if (text === '' && blocks.length === 0) throw new ApiError('no_text');
  const parent = state.message(channel.id, args.text('thread_ts'));
  const metadata = args.json('metadata', 'invalid_metadata_format');
  return {
    channel: channel.id,
    userId: botUserId,
    text,
    blocks,
    threadTs: parent ? (parent.threadTs ?? parent.ts) : null,
    metadata: metadata === undefined ? null : readMetadata(metadata),
  };
}

/** What the call leaves out stays as it was. */
function readEdit(args: Arguments): MessageEdit {
  const text = args.text('text');
  if (text.length > limits.updatedText) throw new ApiError('msg_too_long');
  if (!args.has('text') && !args.has('blocks')) throw new ApiError('no_text');
  return {
    ...(args.has('text') ? { text } : {}),
    ...(args.has('blocks') ? { blocks: readBlocks(args.json('blocks', 'invalid_blocks_format')) } : {}),
    ...(args.has('metadata')
      ? { metadata: readMetadata(args.json('metadata', 'invalid_metadata_format')) }
      : {}),
  };
}
