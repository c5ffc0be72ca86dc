import type { Conversation } from '../model.ts';
import { botUserId, type WorkspaceState } from '../state.ts';
import { ApiError, type Arguments } from './call.ts';

/** The conversation that `channel` names by its id. A private one that the app is not in is not there for it. */
export function findChannel(state: WorkspaceState, args: Arguments, name = 'channel'): Conversation {
  const channel = state.byId(args.text(name));
  if (!channel || !isVisible(channel)) throw new ApiError('channel_not_found');
  return channel;
}

/**
 * The same for a post, which takes names and people too. Slack takes a post to a deactivated person and shows it
 * to nobody (slackapi/python-slack-sdk#1156); here it is refused as by `conversations.open`, so that the loss is seen.
 */
export function findTarget(state: WorkspaceState, args: Arguments): Conversation {
  const reference = args.text('channel');
  const channel = reference.startsWith('dm:') ? null : state.findConversation(reference);
  if (!channel || !isVisible(channel)) throw new ApiError('channel_not_found');
  if (channel.dmWith !== null && state.users.get(channel.dmWith)?.isDeactivated) {
    throw new ApiError('user_disabled');
  }
  return channel;
}

export function isVisible({ isPrivate, members }: Conversation): boolean {
  return !isPrivate || members.has(botUserId);
}

export function requireMembership(channel: Conversation): Conversation {
  if (!channel.members.has(botUserId)) throw new ApiError('not_in_channel');
  return channel;
}

export function requireOpen(channel: Conversation, otherwise: 'is_archived' | 'is_inactive'): Conversation {
  if (channel.isArchived) throw new ApiError(otherwise);
  return channel;
}
