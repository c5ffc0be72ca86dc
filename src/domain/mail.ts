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
}

/** What a message's source is: RFC 5322, or one JSON alert of a source over HTTP. */
export type MediaType = 'message/rfc822' | 'application/json';

/** A message whose MIME structure has been read; all text is decoded to Unicode. */
export interface Mail {
  /**
   * Stable identity, `sha256:HEX`: of the Message-ID and the text, so that what comes on two ways is one mail; of the
   * source where that header is missing.
   */
  readonly key: string;
  readonly from: MailAddress | null;
  readonly subject: string;
  /** What the Date header says; null when it is missing or can't be read. */
  readonly date: Date | null;
  /** All headers, names in lower case, values decoded, in the order of the message. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** The plain text of the message, with `\n` line ends. */
  readonly text: string;
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
