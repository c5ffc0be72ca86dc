import type { Person } from '../../domain/chat.ts';
import type { Deps } from '../deps.ts';
import { channelOfServer } from './server-channel.ts';
import { standingOf } from './standing.ts';

/** Why this person may not ask for these servers; null: they may (B10). `channel` is where they ask. */
export async function refuseRequester(
  deps: Deps,
  { person, channel }: { readonly person: Person; readonly channel: string },
  servers: readonly string[],
): Promise<string | null> {
  const { requesters } = deps.policies.approval;
  for (const server of servers) {
    const standing = await standingOf(deps, person, requesters, channelOfServer(deps, server) ?? channel);
    if (standing === 'no') return `You are not on the list of those who may ask for \`${server}\`.`;
    if (standing === 'unknown') return 'Slack does not say now who may ask. Try again soon.';
  }
  return null;
}
