import type { RawMail } from './mail.ts';

/** How far a mailbox has been read: every UID up to `lastUid` is committed. */
export interface MailboxCursor {
  readonly mailbox: string;
  /** RFC 9051: a new value means that all old UIDs are void. */
  readonly uidValidity: bigint;
  readonly lastUid: number;
}

/** The one door for all mail. Resolves once everything is committed; rejects when nothing was. */
export interface Door {
  /** Commits the mails, their alerts and the cursor together. */
  admit(mails: readonly RawMail[], cursor: MailboxCursor | null): Promise<void>;
  cursorOf(mailbox: string): Promise<MailboxCursor | null>;
}

/** Something that brings mail in until it is stopped. */
export interface Intake {
  readonly name: string;
  start(): Promise<void>;
  /** Takes nothing new, finishes what it holds, then disconnects. */
  stop(): Promise<void>;
}
