import type { ChatFile } from '../../domain/chat.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderListing } from '../../messages/listing.ts';
import { renderWholeCommands } from '../../messages/whole-command.ts';
import type { Deps } from '../deps.ts';
import { toCommandView } from './view-redistribution.ts';

/** Further ones would keep the channel busy, a second each: a file shows them all. */
const messagesInThread = 10;

/**
 * What the proposal's message cuts or has no room for stands in its thread, whole, as messages or as a file: nobody approves
 * what they could not see.
 */
export async function showWhole(deps: Deps, tx: Tx, record: RedistributionRecord): Promise<void> {
  const parent = await tx.deliveryOf('redistribution', record.id);
  const parentId = parent?.id ?? null;
  const { channel, digest, plan } = record;
  const now = deps.clock.now();
  const few = (plan?.commands ?? 0) <= messagesInThread ? await tx.commandsOf(record.id) : null;
  const messages = few && renderWholeCommands(few.map(toCommandView));
  if (messages === null || messages.length > messagesInThread) {
    const subjectId = listingId(record.id, digest ?? '');
    const listing = { kind: 'listing', subjectId, channel, parentId, body: null } as const;
    return tx.wantDelivery({ ...listing, id: deps.newId() }, now);
  }
  for (const body of messages) {
    const note = { kind: 'note', subjectId: record.id, channel, parentId, body } as const;
    await tx.wantDelivery({ ...note, id: deps.newId() }, now);
  }
}

/** The file for one state of a proposal; null when that state is past. */
export async function drawListing(deps: Deps, subjectId: string): Promise<ChatFile | null> {
  const [id = '', digest = ''] = subjectId.split(' ');
  const found = await deps.store.transaction(async (tx) => {
    const record = await tx.redistribution(id);
    if (!record || (record.digest ?? '') !== digest) return null;
    return { ...record, commands: (await tx.commandsOf(id)).map(toCommandView) };
  });
  return (
    found && {
      name: `redistribution-${id}.txt`,
      title: `All commands for ${found.server}, in full`,
      bytes: new TextEncoder().encode(renderListing(found)),
      altText: 'The commands of this proposal, in full',
    }
  );
}

function listingId(id: string, digest: string): string {
  return `${id} ${digest}`;
}
