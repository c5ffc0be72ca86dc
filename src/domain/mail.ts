import type { GateName } from './gate.ts';

/** One message exactly as it arrived, before anything was decided about it (A1). */
export interface RawMail {
  /** The raw RFC 5322 bytes, or one alert as JSON. */
  readonly source: Uint8Array;
  /** Where it came in: `imap:NAME`, `smtp`, `http:SOURCE` or `file:PATH`. */
  readonly via: string;
  readonly receivedAt: Date;
  /** Default: a mail. */
  readonly mediaType?: MediaType;
  /** Its identity, where whoever brings it in knows it: the same alert sent again bears the same one. */
  readonly key?: string;
  /** The message is longer than its source, which was cut when it was fetched; default: it is whole. */
  readonly isCut?: boolean;
}

/** What a message's source is: RFC 5322, or one JSON alert of a source over HTTP. */
export type MediaType = 'message/rfc822' | 'application/json';

/** What the headers of a message say; all text is decoded to Unicode. */
export interface MailHead {
  readonly from: MailAddress | null;
  readonly subject: string;
  /** What the Date header says; null when it is missing or can't be read. */
  readonly date: Date | null;
  /** All headers, names in lower case, values decoded, in the order of the message. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** A message whose MIME structure has been read. */
export interface Mail extends MailHead {
  /**
   * Stable identity, `sha256:HEX`: of the Message-ID, the subject and the text, so that a message that comes by two
   * routes is one mail; of the source if that header is missing.
   */
  readonly key: string;
  /** The key of version 0.1, which ignored the subject; `null` if it is the same as `key`. */
  readonly formerKey: string | null;
  /** The plain text of the message, with `\n` line ends. */
  readonly text: string;
  /** Why only the beginning of the body was read; `null` if all of it was. */
  readonly partial: PartialReason | null;
}

/** A message of which only the headers have been read. */
export interface OpenedMail {
  readonly head: MailHead;
  /**
   * Reads the body too.
   * @throws UnreadableMail if it can't be read, or exceeds the bounds.
   * @throws ReadingStopped once the bot stops.
   */
  readonly readBody: () => Promise<Mail>;
}

/** `source-cut`: the source itself was cut; `body-too-long`, `header-too-long`: it exceeds what is read of one mail. */
export type PartialReason = 'source-cut' | 'body-too-long' | 'header-too-long';

/** Why a message cannot be read: a stable word in kebab-case for its dead letter, and a message for people. */
export class UnreadableMail extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.name = 'UnreadableMail';
    this.reason = reason;
  }
}

/** Mail is not read any longer, as the bot stops; it stays where it is. */
export class ReadingStopped extends Error {
  constructor() {
    super('mail is not read any longer, as the bot stops');
    this.name = 'ReadingStopped';
  }
}

export interface MailAddress {
  /** `local@domain`, the domain in lower case. */
  readonly address: string;
  readonly local: string;
  /** A host name, or an address literal without its brackets. */
  readonly domain: string;
}

/** The states in which a mail can end. `restage audit` proves that they add up. */
export const mailStates = ['accepted', 'rejected', 'ignored', 'dead-letter'] as const;
export type MailState = (typeof mailStates)[number];

/** What became of one message: the state in which it ended, and the gate that decided it. */
export interface MailFate {
  readonly state: MailState;
  readonly gate: GateName | null;
  /** The gate's reason, a stable word such as `node-unknown`; `null` if no gate looked at it. */
  readonly reason: string | null;
}
