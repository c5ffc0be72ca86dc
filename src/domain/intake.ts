import type { RawMail } from './mail.ts';

/** How far a mailbox has been read: every UID up to `lastUid` is committed. */
export interface MailboxCursor {
  readonly mailbox: string;
  /** RFC 9051: a new value means that all old UIDs are void. */
  readonly uidValidity: bigint;
  readonly lastUid: number;
}

/** Where a batch stands among those of its mailbox. */
export interface BatchPlace {
  /** The batch before it; null: there is none, or it was committed long ago. */
  readonly before: BatchPlace | null;
  /** Resolves when the batch's mails are read. */
  readonly isRead: Promise<void>;
  readonly tellRead: () => void;
  isCommitted: boolean;
}

export function createPlace(before: BatchPlace | null): BatchPlace {
  let tellRead: () => void = () => {};
  const isRead = new Promise<void>((resolve) => {
    tellRead = resolve;
  });
  return { before: before?.isCommitted === false ? before : null, isRead, tellRead, isCommitted: false };
}

/** Whether all that comes before it is committed. */
export function isNext({ before }: BatchPlace): boolean {
  return before === null || before.isCommitted;
}

/** In what order a batch is committed. */
export interface BatchOrder {
  readonly place: BatchPlace;
  /** Resolves when the batch before is committed; rejects when it never will be. */
  readonly after: Promise<void>;
  /** Another batch is on its way: what this one leads to may be done together with what that one does. */
  readonly moreFollows: boolean;
}

/** The one door for all mail. Resolves once everything is committed; what was rejected may be brought again. */
export interface Door {
  /**
   * Commits the mails, their alerts and the cursor together, the batches of a mailbox in their order. They are read in that
   * order too, and not held up by it: a batch is read while the one before it is being committed. Rejects with that one.
   */
  admit(mails: readonly RawMail[], cursor: MailboxCursor | null, order?: BatchOrder): Promise<void>;
  cursorOf(mailbox: string): Promise<MailboxCursor | null>;
}

/** How an intake is doing right now. */
export interface IntakeHealth {
  /** What it is, as people and the database know it: `imap:NAME`, `smtp`, `http`. */
  readonly intake: string;
  readonly kind: 'mailbox' | 'listener';
  /** The mailbox is open, or the port is listened on. */
  readonly connected: boolean;
  /** Why it is not connected, without secrets; null where that is not known. */
  readonly detail: string | null;
}

/** Something that brings mail in until it is stopped. */
export interface Intake {
  readonly name: string;
  health(): IntakeHealth;
  start(): Promise<void>;
  /** Takes nothing new, finishes what it holds, then disconnects. */
  stop(): Promise<void>;
}
