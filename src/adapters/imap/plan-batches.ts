import type { ListedMessage } from './mailbox-session.ts';

const maxMessages = 500;
/** The first batch is small: so the first tickets come soon, and the database has work while the next one is read. */
const firstMessages = 50;
const maxBytes = 8 * 1024 * 1024;

/**
 * Cuts a list of messages into batches of at most 500 messages or 8 MB, at least one message each. Messages up to
 * `singlyUpTo` come alone: one of them could not be fetched, and shall not hold up the others.
 */
export function planBatches(messages: readonly ListedMessage[], singlyUpTo: number): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  let bytes = 0;
  let most = firstMessages;
  for (const message of messages) {
    const previous = batch.at(-1) ?? 0;
    const alone = Math.min(previous, message.uid) <= singlyUpTo;
    if (batch.length === 0 || alone || batch.length >= most || bytes + message.bytes > maxBytes) {
      if (batch.length >= most) most = Math.min(2 * most, maxMessages);
      batch = [];
      batches.push(batch);
      bytes = 0;
    }
    batch.push(message.uid);
    bytes += message.bytes;
  }
  return batches;
}
