import type { BatchPlace, Door, MailboxCursor } from '../../domain/intake.ts';
import type { Log } from '../../domain/log.ts';
import type { RawMail } from '../../domain/mail.ts';
import { describeError } from './describe-error.ts';
import { type Backoff, backoffDelayMs, pause } from './pause.ts';

interface Admission {
  readonly name: string;
  readonly mailbox: string;
  readonly door: Door;
  readonly log: Log;
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
}

/** Of a batch among those of its mailbox. */
interface Standing {
  /** Whether the batch before it was committed, in the end. */
  readonly before: Promise<boolean>;
  readonly place: BatchPlace;
  readonly moreFollows: boolean;
}

/**
 * Offers a batch to the door until it is committed, which it is after the one before it. Answers false, and nothing is
 * committed, only when stopped: the cursor then stands before the batch. Never rejects.
 */
export async function admitInOrder(
  { name, mailbox, door, log, backoff, signal }: Admission,
  mails: readonly RawMail[],
  cursor: MailboxCursor,
  { before, place, moreFollows }: Standing,
): Promise<boolean> {
  const isNext = ensure(before);
  // The door need not get as far as to ask.
  isNext.catch(() => {});
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      await door.admit(mails, cursor, { after: isNext, place, moreFollows });
      return true;
    } catch (error) {
      if (!(await before)) return false;
      const delayMs = backoffDelayMs(backoff, tries);
      const fields = { intake: name, mailbox, mails: mails.length, ...describeError(error), delayMs };
      log.error(fields, 'mail not committed, trying again');
      await pause(delayMs, signal);
    }
  }
  return false;
}

async function ensure(committed: Promise<boolean>): Promise<void> {
  if (!(await committed)) throw new Error('the batch before was not committed');
}
