import { RestageError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../domain/log.ts';
import type { Store } from '../../domain/store/store.ts';

/** A mailbox's batches that are read but not committed: four, of 500 messages each. */
const heldMessages = 2_000;
/** A sender tries again within hours, however long it goes on trying (RFC 5321 section 4.5.4.1). */
const senderReturnsWithinMs = 24 * 3600 * 1000;

/** Until when the mail of an intake may be the mail that ended the process before this one. */
interface Suspect {
  messagesLeft: number;
  readonly until: Date;
}

/** Knows which mail may have ended the process that read it. */
export interface Suspicion {
  /**
   * Before mail comes in: notes that these intakes are being read, and learns which ones were when a process died. A second
   * call after a failure goes on with those that are left.
   */
  open(intakes: readonly string[]): Promise<void>;
  /** Whether a batch of this intake is to be read in a process of its own. */
  isSuspect(via: string, messages: number): boolean;
  /** After the last mail: the intakes were left as they should be. */
  close(): Promise<void>;
}

/**
 * A mail can end the process that reads it: by a fault of the runtime, or by its need for memory. The process is started
 * again, and would meet the same mail again: in a mailbox at once, over SMTP and HTTP when its sender tries again.
 *
 * Each intake has one note in the database while it is read; a stop takes it away. A start that finds one knows that the
 * process before it died, and treats as suspect what that one can have been reading: of a mailbox the messages behind the
 * cursor, of a listener the mail of a day. Suspect mail is read one by one in a process of its own.
 *
 * So the usual way costs one statement at a start and one at a stop, and nothing for a mail or a batch. Of two bots on one
 * database each takes the other's note for a dead one's; that costs time, and loses nothing. A note that was taken over so
 * is missed once at most: the next start writes its own.
 */
export function createSuspicion({
  store,
  clock,
  log,
  newId,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
}): Suspicion {
  const reader = newId();
  const suspects = new Map<string, Suspect>();
  const opened: string[] = [];
  return {
    async open(intakes) {
      for (const intake of intakes.filter((name) => !opened.includes(name))) {
        const now = clock.now();
        const wasLeft = await store.transaction((tx) => tx.beginReading(intake, reader, now));
        opened.push(intake);
        if (!wasLeft) continue;
        const until = new Date(now.getTime() + senderReturnsWithinMs);
        const messagesLeft = intake.startsWith('imap:') ? heldMessages : Number.POSITIVE_INFINITY;
        suspects.set(intake, { messagesLeft, until });
        log.warn(
          { intake },
          'the process before this one died: mail that it may have been reading is read apart',
        );
      }
    },
    isSuspect(via, messages) {
      const suspect = suspects.get(via.startsWith('http:') ? 'http' : via);
      if (!suspect) return false;
      const isSuspect = suspect.messagesLeft > 0 && clock.now() < suspect.until;
      suspect.messagesLeft -= messages;
      return isSuspect;
    },
    async close() {
      for (const intake of opened.splice(0)) {
        await store.transaction((tx) => tx.endReading(intake, reader)).catch(ignoreAway);
      }
    },
  };
}

/** While the database is away the note stays: the next start is careful for nothing. */
function ignoreAway(error: unknown): void {
  if (!(error instanceof RestageError) || error.code !== 'database-unavailable') throw error;
}
