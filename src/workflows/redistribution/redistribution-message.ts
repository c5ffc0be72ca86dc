import type { ChatMessage } from '../../domain/chat.ts';
import type { FailedJob } from '../../domain/redistribution.ts';
import type { CommandRecord, RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import type { Deps } from '../deps.ts';

/** The redistribution's message is to be posted, or brought up to date. */
export async function wantRedistributionMessage(
  deps: Deps,
  tx: Tx,
  { id, channel }: Pick<RedistributionRecord, 'id' | 'channel'>,
): Promise<void> {
  await tx.wantDelivery(
    { id: deps.newId(), kind: 'redistribution', subjectId: id, channel, parentId: null, body: null },
    deps.clock.now(),
  );
  await tx.enqueue({ queue: 'deliver', channel });
}

/** A command's output is to be shown in the redistribution's thread, or brought up to date there. */
export async function wantCommandMessage(
  deps: Deps,
  tx: Tx,
  command: Pick<CommandRecord, 'id' | 'redistributionId'>,
): Promise<void> {
  const parent = await tx.deliveryOf('redistribution', command.redistributionId);
  if (!parent) return;
  const { channel } = parent;
  await tx.wantDelivery(
    { id: deps.newId(), kind: 'command', subjectId: command.id, channel, parentId: parent.id, body: null },
    deps.clock.now(),
  );
  await tx.enqueue({ queue: 'deliver', channel });
}

/** Whether the failure is one of those that somebody asked for: all of the server, some devices' or one job's. */
export function isWanted(
  { recipients, job }: Pick<RedistributionRecord, 'recipients' | 'job'>,
  failure: Pick<FailedJob, 'recipient' | 'job' | 'toldAs'>,
): boolean {
  const isForThem = recipients === null || recipients.includes(failure.recipient);
  return isForThem && (job === null || failure.job === job || failure.toldAs === job);
}

/** Says something in the redistribution's thread; a note with an id of its own is said once. */
export async function tellInThread(
  deps: Deps,
  tx: Tx,
  { id, channel, noteId }: Pick<RedistributionRecord, 'id' | 'channel'> & { readonly noteId?: string },
  body: ChatMessage,
): Promise<void> {
  if (noteId !== undefined && (await tx.channelOf(noteId)) !== null) return;
  const parent = await tx.deliveryOf('redistribution', id);
  const note = { id: noteId ?? deps.newId(), kind: 'note', subjectId: id, channel, body } as const;
  await tx.wantDelivery({ ...note, parentId: parent?.id ?? null }, deps.clock.now());
  await tx.enqueue({ queue: 'deliver', channel });
}
