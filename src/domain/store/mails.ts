import type { AlertState } from '../alert.ts';
import type { GateResult } from '../gate.ts';
import type { MailboxCursor } from '../intake.ts';
import type { MailState, MediaType } from '../mail.ts';
import type { TicketState } from '../ticket.ts';

export interface MailRecord {
  readonly key: string;
  /** A mail that is stored by this key, with the same subject, is the same one; default: there is none. */
  readonly formerKey?: string | null;
  readonly via: string;
  readonly receivedAt: Date;
  readonly fromAddress: string | null;
  readonly subject: string;
  readonly state: MailState;
  readonly format: string | null;
  readonly gates: readonly GateResult[];
  readonly alertCount: number;
  readonly source: Uint8Array;
  readonly mediaType?: MediaType;
}

export interface AuditSums {
  readonly mails: Readonly<Record<MailState, number>>;
  readonly alerts: Readonly<Record<AlertState, number>>;
  /** Alerts that the accepted mails say they carry; equal to the sum of the alerts' states. */
  readonly alertsInMails: number;
  readonly tickets: Readonly<Partial<Record<TicketState, number>>>;
}

/** Mails, how far mailboxes are read, and the proof that nothing got lost. */
export interface MailTx {
  /** Adds mails that are not there yet; answers the ids of those, by key. */
  addMails(mails: readonly MailRecord[]): Promise<ReadonlyMap<string, number>>;
  saveCursor(cursor: MailboxCursor): Promise<void>;
  cursorOf(mailbox: string): Promise<MailboxCursor | null>;
  sums(): Promise<AuditSums>;
  /** Mails that were not accepted, counted by `gate: reason`. */
  refusals(): Promise<Readonly<Record<string, number>>>;
}
