import type { webApi } from '@slack/bolt';
import { ChatError } from '../../domain/chat.ts';

export interface Channels {
  /** The id of a channel given by id, by name, or by the user whom it is a direct message with. */
  idOf(channel: string): Promise<string>;
  /** What a post has shown to be true. */
  remember(channel: string, id: string): void;
}

/**
 * Finds channel ids. Posting takes names too, but reading what was posted takes ids only.
 * Ids look alike everywhere (`C…`, `D…`, `G…`), names are in lower case.
 */
export function createChannels(client: webApi.WebClient): Channels {
  const known = new Map<string, string>();

  async function find(channel: string): Promise<string> {
    if (/^[CDG][A-Z0-9]+$/.test(channel)) return channel;
    const found = /^[UW][A-Z0-9]+$/.test(channel)
      ? await openDirect(client, channel)
      : await findByName(client, channel);
    if (found !== null) return found;
    throw new ChatError('refused', `no channel that the app can see is named ${channel}`, {
      slackCode: 'channel_not_found',
    });
  }

  return {
    remember: (channel, id) => void known.set(channel, id),
    async idOf(channel) {
      const id = known.get(channel) ?? (await find(channel));
      known.set(channel, id);
      return id;
    },
  };
}

async function openDirect(client: webApi.WebClient, userId: string): Promise<string | null> {
  const opened = await client.conversations.open({ users: userId });
  return opened.channel?.id ?? null;
}

async function findByName(client: webApi.WebClient, channel: string): Promise<string | null> {
  const name = channel.replace(/^#/, '');
  let cursor = '';
  do {
    const page = await client.conversations.list({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 200,
      cursor,
    });
    const match = page.channels?.find((one) => one.name === name);
    if (match?.id !== undefined) return match.id;
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  return null;
}
