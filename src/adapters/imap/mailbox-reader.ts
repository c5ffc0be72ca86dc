import type { Clock } from '../../domain/clock.ts';
import { type BatchPlace, createPlace, type Door } from '../../domain/intake.ts';
import type { Log } from '../../domain/log.ts';
import type { RawMail } from '../../domain/mail.ts';
import { admitInOrder } from './admit-in-order.ts';
import { createCarefulFetch, type FetchReport } from './careful-fetch.ts';
import { describeError } from './describe-error.ts';
import type { FetchedMessage, MailboxSession } from './mailbox-session.ts';
import type { Backoff } from './pause.ts';

export interface MailboxReaderOptions {
  readonly name: string;
  /** Names the cursor. */
  readonly mailbox: string;
  readonly door: Door;
  readonly log: Log;
  readonly clock: Clock;
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
}

/** Carries a mailbox's messages to the door, batch by batch, over one session after the other. */
export interface MailboxReader {
  /** Reads and waits until the signal is aborted. Rejects when the session is lost. */
  read(session: MailboxSession, onProgress: () => void): Promise<void>;
}

/** So many batches are in memory at most: while one is committed, the next ones are fetched and read. */
const heldAtOnce = 4;

export function createMailboxReader(options: MailboxReaderOptions): MailboxReader {
  const { name, mailbox, door, log, clock, signal } = options;
  const careful = createCarefulFetch(reportTo(log, { intake: name, mailbox }));

  async function findStart(uidValidity: bigint): Promise<number> {
    const cursor = await door.cursorOf(mailbox);
    const lastUid = cursor?.uidValidity === uidValidity ? cursor.lastUid : 0;
    if (cursor !== null && cursor.uidValidity !== uidValidity) {
      log.warn({ intake: name, mailbox }, 'mailbox has a new UIDVALIDITY: reading it from its first message');
      careful.reset();
    }
    log.info({ intake: name, mailbox, lastUid }, 'imap mailbox opened');
    return lastUid;
  }

  async function fetch(session: MailboxSession, uids: readonly number[]): Promise<RawMail[]> {
    const messages = await careful.fetch(session, uids);
    const missing = uids.length - messages.length;
    if (missing > 0)
      log.warn({ intake: name, mailbox, missing }, 'messages were gone before they could be fetched');
    return messages.map((message) => toRawMail(message, `imap:${name}`, clock));
  }

  /** Fetches and reads batches while those before them are committed. */
  async function readBatches(
    session: MailboxSession,
    batches: readonly (readonly number[])[],
    onProgress: () => void,
  ): Promise<void> {
    let committed = Promise.resolve(true);
    let place: BatchPlace | null = null;
    const underWay: Promise<boolean>[] = [];
    try {
      for (const [index, uids] of batches.entries()) {
        const mails = await fetch(session, uids);
        const before = committed;
        const moreFollows = index < batches.length - 1;
        const cursor = { mailbox, uidValidity: session.uidValidity, lastUid: uids.at(-1) ?? 0 };
        place = createPlace(place);
        committed = admitInOrder(options, mails, cursor, { before, place, moreFollows }).then((done) => {
          if (done) onProgress();
          return done;
        });
        underWay.push(committed);
        if (underWay.length >= heldAtOnce && !(await underWay.shift())) return;
      }
    } finally {
      await committed;
    }
  }

  return {
    async read(session, onProgress) {
      let lastUid = await findStart(session.uidValidity);
      while (!signal.aborted) {
        const messages = await session.list(lastUid + 1);
        await readBatches(session, careful.plan(messages), onProgress);
        if (signal.aborted) return;
        lastUid = messages.at(-1)?.uid ?? lastUid;
        await session.waitForMail(signal);
      }
    },
  };
}

function toRawMail({ source, isCut, receivedAt }: FetchedMessage, via: string, clock: Clock): RawMail {
  return { source, isCut, via, receivedAt: receivedAt ?? clock.now() };
}

function reportTo(log: Log, fields: { readonly intake: string; readonly mailbox: string }): FetchReport {
  return {
    vanished: (count) => log.warn({ ...fields, count }, 'messages were gone before they could be fetched'),
    leftBehind: (uid, error) =>
      log.error({ ...fields, uid, ...describeError(error) }, 'message left behind: it can not be fetched'),
  };
}
