import type { KnownBlock } from '@slack/types';
import { readAttachments, readBlocks, readMetadata } from '../content.ts';
import type { FileStore } from '../files.ts';
import { limits } from '../limits.ts';
import type { Conversation, MessageEdit, NewMessage, PostedMessage } from '../model.ts';
import { botUserId, type WorkspaceState } from '../state.ts';
import { ApiError, type Arguments, type Methods } from './call.ts';
import { findChannel, findTarget, requireMembership, requireOpen } from './find-channel.ts';
import { toApiMessage } from './shapes.ts';

/** The `chat.*` family (https://docs.slack.dev/reference/methods?family=chat). */
export function chatMethods(state: WorkspaceState, files: FileStore, url: string): Methods {
  return {
    'chat.postMessage': (args) => {
      const channel = requireOpen(findTarget(state, args), 'is_archived');
      const isPublic = channel.dmWith === null && !channel.isPrivate;
      if (!isPublic || !state.app.scopes.has('chat:write.public')) requireMembership(channel);
      const posted = state.post(readMessage(state, files, channel, args));
      return { channel: channel.id, ts: posted.ts, message: toApiMessage(state, posted) };
    },
    'chat.postEphemeral': (args) => {
      const channel = requireMembership(requireOpen(findTarget(state, args), 'is_archived'));
      const person = state.users.get(args.text('user'));
      if (!person || person.isDeactivated || !channel.members.has(person.id)) {
        throw new ApiError('user_not_in_channel');
      }
      const posted = state.post({ ...readMessage(state, files, channel, args), ephemeralFor: person.id });
      return { message_ts: posted.ts };
    },
    'chat.update': (args) => {
      const message = findOwnMessage(state, args, 'cant_update_message');
      requireOpen(findChannel(state, args), 'is_inactive');
      const edited = state.edit(message, readEdit(files, args));
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
    'chat.getPermalink': (args) => {
      const { channel, ts, threadTs } = findMessage(state, args, 'message_ts');
      const thread = threadTs === null ? '' : `?thread_ts=${threadTs}&cid=${channel}`;
      return { channel, permalink: `${url}/archives/${channel}/p${ts.replace('.', '')}${thread}` };
    },
  };
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
function readMessage(
  state: WorkspaceState,
  files: FileStore,
  channel: Conversation,
  args: Arguments,
): NewMessage {
  const text = args.text('text').slice(0, limits.postedText);
  const content = readParts(files, args);
  const { blocks = [], attachments = [], metadata = null } = content;
  if (text.trim() === '' && blocks.length === 0 && attachments.length === 0) throw new ApiError('no_text');
  const parent = state.message(channel.id, args.text('thread_ts'));
  return {
    channel: channel.id,
    userId: botUserId,
    text,
    blocks,
    attachments,
    threadTs: parent ? (parent.threadTs ?? parent.ts) : null,
    metadata,
  };
}

/** What the call leaves out stays as it was. */
function readEdit(files: FileStore, args: Arguments): MessageEdit {
  const text = args.text('text');
  if (text.length > limits.updatedText) throw new ApiError('msg_too_long');
  const parts = readParts(files, args);
  const isEmpty = (one: readonly unknown[] | undefined) => (one ?? []).length === 0;
  if (text.trim() === '' && isEmpty(parts.blocks) && isEmpty(parts.attachments))
    throw new ApiError('no_text');
  return { ...(args.has('text') ? { text } : {}), ...parts };
}

function readParts(
  files: FileStore,
  args: Arguments,
): Pick<MessageEdit, 'blocks' | 'attachments' | 'metadata'> {
  const blocks = args.json('blocks', 'invalid_blocks_format');
  const attachments = args.json('attachments', 'invalid_attachments');
  const metadata = args.json('metadata', 'invalid_metadata_format');
  return {
    ...(blocks === undefined ? {} : { blocks: requireFiles(files, readBlocks(blocks)) }),
    ...(attachments === undefined ? {} : { attachments: readAttachments(attachments) }),
    ...(metadata === undefined ? {} : { metadata: readMetadata(metadata) }),
  };
}

/** An image block shows no file whose upload has not ended. @throws ApiError `invalid_blocks`, in Slack's words. */
function requireFiles(files: FileStore, blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  const problems = blocks.flatMap((block, index) => {
    const file = block.type === 'image' && 'slack_file' in block ? block.slack_file : null;
    const isShown = !file || !('id' in file) || files.isComplete(file.id ?? '');
    return isShown ? [] : [`[ERROR] invalid slack file [json-pointer:/blocks/${index}/slack_file]`];
  });
  if (problems.length > 0) throw new ApiError('invalid_blocks', problems);
  return blocks;
}
