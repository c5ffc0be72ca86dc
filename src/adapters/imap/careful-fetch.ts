import type { FetchedMessage, ListedMessage, MailboxSession } from './mailbox-session.ts';
import { planBatches } from './plan-batches.ts';

/** A message that could not be fetched this often, each time over a new connection, is left behind. */
const maxFailures = 5;

/** Fetches batches so that a message that breaks the fetch, or the connection, is found and holds up no other. */
export interface CarefulFetch {
  plan(messages: readonly ListedMessage[]): number[][];
  /** Rejects when it is worth another try over a new connection. Messages that vanished are not in the answer. */
  fetch(session: MailboxSession, uids: readonly number[]): Promise<FetchedMessage[]>;
  /** Forgets what it knows: the UIDs mean other messages now. */
  reset(): void;
}

export interface FetchReport {
  /** Messages that were listed are not there any more. */
  vanished(count: number): void;
  /** The message is there but was given up. */
  leftBehind(uid: number, error: unknown): void;
}

/** After a failed batch its messages are fetched one by one; the one at fault gets a few more tries. */
export function createCarefulFetch(report: FetchReport): CarefulFetch {
  let singlyUpTo = 0;
  let suspect = { uid: 0, failures: 0 };

  function countFailure(uid: number): number {
    suspect = { uid, failures: suspect.uid === uid ? suspect.failures + 1 : 1 };
    return suspect.failures;
  }

  return {
    plan: (messages) => planBatches(messages, singlyUpTo),
    async fetch(session, uids) {
      try {
        const messages = await session.fetch(uids);
        if (messages.length < uids.length) report.vanished(uids.length - messages.length);
        return messages;
      } catch (error) {
        const [first = 0] = uids;
        singlyUpTo = Math.max(singlyUpTo, uids.at(-1) ?? 0);
        if (uids.length > 1 || countFailure(first) < maxFailures) throw error;
        report.leftBehind(first, error);
        return [];
      }
    },
    reset() {
      singlyUpTo = 0;
      suspect = { uid: 0, failures: 0 };
    },
  };
}
