import type { Who } from '../../domain/approval.ts';
import { ChatError, type Person } from '../../domain/chat.ts';
import type { Standing } from '../../redistribution/decide-approval.ts';
import type { Deps } from '../deps.ts';

/**
 * Whether a person is among these; nobody named means everybody is. Slack is only asked about groups and channels, and
 * where it does not answer, nobody is taken for a member. `channel` is where the proposal stands.
 */
export async function standingOf(
  deps: Deps,
  { userId }: Person,
  named: readonly Who[],
  channel: string,
): Promise<Standing> {
  if (named.length === 0) return 'yes';
  if (named.some((one) => one.kind === 'user' && one.userId === userId)) return 'yes';
  let standing: Standing = 'no';
  for (const one of named) {
    const members = await membersOf(deps, one, channel);
    if (members?.includes(userId)) return 'yes';
    if (members === null) standing = 'unknown';
  }
  return standing;
}

/** Returns the user IDs; none of a group that was deleted, `null` if Slack did not say. */
async function membersOf(deps: Deps, who: Who, channel: string): Promise<readonly string[] | null> {
  try {
    if (who.kind === 'user') return [who.userId];
    if (who.kind === 'group') return await deps.chat.membersOf(who.groupId);
    return await deps.chat.channelMembers(who.channel ?? channel);
  } catch (error) {
    if (error instanceof ChatError && error.slackCode === 'no_such_subteam') return [];
    deps.log.warn({ who, error: String(error) }, 'slack does not say who the members are');
    return null;
  }
}
