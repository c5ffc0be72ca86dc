import type { webApi } from '@slack/bolt';
import type { Copy, CopySearch, Stamp } from '../../domain/chat.ts';
import { readRecord } from './record.ts';

const deliveryEvent = 'restage_delivery';
const pageSize = 200;

type Search = Omit<CopySearch, 'target'> & { readonly channel: string; readonly threadTs: string | null };

/** Of a copy that became a link: no delivery has this id. */
export const linkedStamp: Stamp = { deliveryId: '', revision: 0 };

export function toMetadata({ deliveryId, revision }: Stamp) {
  return { event_type: deliveryEvent, event_payload: { delivery_id: deliveryId, revision } };
}

/** The delivery's copies among the messages posted since then, and the known one; the earliest first. */
export async function findCopies(client: webApi.WebClient, search: Search): Promise<readonly Copy[]> {
  const { known, since } = search;
  const found = new Map<string, Copy>();
  const ranges = [
    ...(since ? [{ oldest: (since.getTime() / 1000).toFixed(6) }] : []),
    ...(known ? [{ oldest: known.ts, latest: known.ts }] : []),
  ];
  for (const range of ranges) {
    for await (const message of readMessages(client, search, range)) {
      const copy = toCopy(message, search);
      if (copy) found.set(copy.ts, copy);
    }
  }
  return [...found.values()].toSorted((a, b) => Number(a.ts) - Number(b.ts));
}

async function* readMessages(
  client: webApi.WebClient,
  { channel, threadTs }: Search,
  range: { readonly oldest: string; readonly latest?: string },
): AsyncGenerator {
  let cursor = '';
  do {
    const wanted = {
      ...range,
      channel,
      inclusive: true,
      include_all_metadata: true,
      limit: pageSize,
      cursor,
    };
    const page =
      threadTs === null
        ? await client.conversations.history(wanted)
        : await client.conversations.replies({ ...wanted, ts: threadTs });
    yield* page.messages ?? [];
    cursor = page.response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
}

function toCopy(message: unknown, { channel, deliveryId }: Search): Copy | null {
  const { ts, user, metadata, reply_users: repliers, reactions } = readRecord(message);
  const { event_type: type, event_payload: payload } = readRecord(metadata);
  const { delivery_id: id, revision } = readRecord(payload);
  if (typeof ts !== 'string' || type !== deliveryEvent || id !== deliveryId) return null;
  const isPeople = (one: unknown) => one !== user;
  const touching = [
    ...readList(repliers),
    ...readList(reactions).flatMap((reaction) => readList(readRecord(reaction)['users'])),
  ];
  return {
    channel,
    ts,
    revision: typeof revision === 'number' ? revision : null,
    isTouched: touching.some(isPeople),
  };
}

function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
