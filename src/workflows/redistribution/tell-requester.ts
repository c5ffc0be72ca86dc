import { restageItself } from '../../domain/chat.ts';
import type { RedistributionRecord } from '../../domain/store/redistributions.ts';
import type { Tx } from '../../domain/store/store.ts';
import { renderMarkup } from '../../messages/notice.ts';
import { mention } from '../../messages/wording.ts';
import type { Deps } from '../deps.ts';
import { tellInThread } from './redistribution-message.ts';

/** How a redistribution has ended. */
export type RedistributionEnd = 'done' | 'failed' | 'rejected' | 'expired';

/**
 * Mentions in the thread whoever asked for a redistribution, once, when it has come to an end: nobody has to watch it.
 * `words` are in Slack's markup.
 */
export async function tellRequester(
  deps: Deps,
  tx: Tx,
  record: Pick<RedistributionRecord, 'id' | 'channel' | 'requestedBy'>,
  end: RedistributionEnd,
  words: string,
): Promise<void> {
  const { id, requestedBy } = record;
  if (requestedBy.userId === restageItself.userId) return;
  const text = `${mention(requestedBy.userId)} ${words}`;
  await tellInThread(deps, tx, { ...record, noteId: `${id}-${end}` }, renderMarkup(text));
}
