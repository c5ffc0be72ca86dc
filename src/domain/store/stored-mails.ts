import type { AlertFields, AlertState } from '../alert.ts';
import type { GateResult } from '../gate.ts';
import type { MailState, MediaType } from '../mail.ts';
import type { MailRecord } from './mails.ts';

/** A mail as a list shows it. */
export interface StoredMailLine {
  readonly id: number;
  readonly via: string;
  readonly receivedAt: Date;
  readonly fromAddress: string | null;
  readonly subject: string;
  readonly state: MailState;
  readonly format: string | null;
  /** The gate that decided, and its reason. */
  readonly gate: string;
  readonly reason: string;
  readonly alertCount: number;
  /** Who let it in although a gate had stopped it; null: nobody. */
  readonly readmittedBy: string | null;
  readonly readmittedAt: Date | null;
}

export interface StoredMail extends StoredMailLine {
  readonly key: string;
  readonly mediaType: MediaType;
  readonly gates: readonly GateResult[];
  /** null: older than mail is kept (`database.keepMail`). */
  readonly source: Uint8Array | null;
}

/** What became of one alert of a mail. */
export interface StoredAlert extends AlertFields {
  readonly counter: string;
  readonly ruleId: string;
  readonly state: AlertState;
  readonly reason: string;
  readonly ticketId: number | null;
  /** The outage that took the alert out of the totals, and the device that was out; `null` if none did. */
  readonly outageId: number | null;
  readonly outageDevice: string | null;
}

/** An alert with the mail that it came in. */
export interface ToldAlert extends StoredAlert {
  readonly mailId: number;
  readonly format: string | null;
  readonly receivedAt: Date;
}

export interface MailFilter {
  /** null: any. */
  readonly state: MailState | null;
  readonly since: Date | null;
  readonly limit: number;
}

/** What a re-admission changes. */
export interface Readmission {
  /** Its identity from now on: the original, should it still come, is the same mail. */
  readonly key: string;
  readonly state: MailState;
  readonly format: string | null;
  readonly gates: readonly GateResult[];
  readonly alertCount: number;
  readonly by: string;
  readonly at: Date;
}

/** A mail of a believed sender that no format knows. */
export interface UnknownMailLine {
  readonly id: number;
  readonly fromAddress: string | null;
  readonly subject: string;
  readonly receivedAt: Date;
}

/** Mails that have been decided upon, to look at and to let in after all. */
export interface StoredMailTx {
  /** The newest first. */
  storedMails(filter: MailFilter): Promise<readonly StoredMailLine[]>;
  /** The newest mails received since then that no format knows, and that nobody let in. */
  unknownMails(since: Date, limit: number): Promise<readonly UnknownMailLine[]>;
  /** Returns those of these senders of whom a format has known a mail since then. */
  sendersRead(addresses: readonly string[], since: Date): Promise<ReadonlySet<string>>;
  /** Locks the row until the transaction ends. */
  storedMail(id: number): Promise<StoredMail | null>;
  /** The mail that is stored by this key, or by its former key with the same subject; `null` if there is none. */
  mailIdOf(mail: Pick<MailRecord, 'key' | 'formerKey' | 'subject'>): Promise<number | null>;
  alertsOfMail(id: number): Promise<readonly StoredAlert[]>;
  /** Alerts since then about a device or recipient by one of these names, the newest first. */
  alertsAbout(names: readonly string[], since: Date, limit: number): Promise<readonly ToldAlert[]>;
  /** The newest alerts of a ticket, the newest first. */
  newestAlertsOf(ticketId: number, limit: number): Promise<readonly ToldAlert[]>;
  /**
   * Mails since then that led to no alert, and whose subject or sender names one of these as a word; the newest first.
   */
  mailsNaming(names: readonly string[], since: Date, limit: number): Promise<readonly StoredMailLine[]>;
  readmitMail(id: number, readmission: Readmission): Promise<void>;
  /** Forgets the sources of the oldest mails received before; answers how many it was. The mails stay counted. */
  dropSources(before: Date, limit: number): Promise<number>;
  /** Messages to Slack by state. */
  deliveryCounts(): Promise<Readonly<Record<string, number>>>;
}
